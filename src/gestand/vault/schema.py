"""The tables of the vault in the main store, subject first: everything about one subject lies together.

Policy is never copied into a row: an item points at an *activity* (statement version, field, shelf, source, purposes),
a row that thousands share. Dates stand as days since 1970-01-01, instants as seconds, purposes as bits. A script that was
released never changes; what comes later is appended.
"""

from __future__ import annotations

SCHEMA = (
    """
    CREATE TABLE vault_subject (
        subject BLOB PRIMARY KEY, kind INTEGER NOT NULL, added INTEGER NOT NULL,
        last_item INTEGER NOT NULL, last_bucket INTEGER NOT NULL, objected INTEGER NOT NULL, consented INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vault_item (
        subject BLOB NOT NULL, item INTEGER NOT NULL, activity INTEGER NOT NULL, bucket INTEGER NOT NULL,
        state INTEGER NOT NULL, collected INTEGER NOT NULL, trigger_on INTEGER, due INTEGER, dossier TEXT,
        token BLOB, sealed BLOB NOT NULL,
        PRIMARY KEY (subject, item)
    ) WITHOUT ROWID;
    CREATE INDEX vault_item_due ON vault_item (due) WHERE due IS NOT NULL;
    CREATE TABLE vault_token (
        token BLOB NOT NULL, subject BLOB NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (token, subject, item)
    ) WITHOUT ROWID;
    CREATE TABLE vault_activity (
        activity INTEGER PRIMARY KEY, version TEXT NOT NULL, field TEXT NOT NULL, shelf TEXT NOT NULL,
        source TEXT NOT NULL, purposes TEXT NOT NULL
    );
    CREATE TABLE vault_purpose (bit INTEGER PRIMARY KEY, purpose TEXT NOT NULL UNIQUE);
    CREATE TABLE vault_restriction (
        subject BLOB NOT NULL, item INTEGER NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (subject, item)
    ) WITHOUT ROWID;
    CREATE TABLE vault_rectification (
        subject BLOB NOT NULL, item INTEGER NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL,
        actor TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (subject, item, number)
    ) WITHOUT ROWID;
    CREATE TABLE vault_objection (
        subject BLOB NOT NULL, purpose INTEGER NOT NULL, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (subject, purpose)
    ) WITHOUT ROWID;
    CREATE TABLE vault_consent (
        subject BLOB NOT NULL, purpose INTEGER NOT NULL, text_digest TEXT NOT NULL, channel TEXT NOT NULL,
        actor TEXT NOT NULL, at INTEGER NOT NULL, withdrawn INTEGER, PRIMARY KEY (subject, purpose)
    ) WITHOUT ROWID;
    CREATE TABLE vault_hold (
        hold TEXT PRIMARY KEY, reason TEXT NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE vault_held (
        subject BLOB NOT NULL, item INTEGER NOT NULL, hold TEXT NOT NULL, PRIMARY KEY (subject, item, hold)
    ) WITHOUT ROWID;
    CREATE TABLE vault_erasure (
        erasure TEXT PRIMARY KEY, actor TEXT NOT NULL, stage INTEGER NOT NULL, reference TEXT NOT NULL,
        items BLOB NOT NULL, keys BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE vault_tokens_epoch (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL);
    """,
    "CREATE INDEX vault_item_activity ON vault_item (activity)",
    "ALTER TABLE vault_tokens_epoch ADD COLUMN form INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE vault_shown (
        subject BLOB NOT NULL, day INTEGER NOT NULL, purpose TEXT NOT NULL, items INTEGER NOT NULL,
        PRIMARY KEY (subject, day, purpose)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE vault_heir (
        subject BLOB NOT NULL, bucket INTEGER NOT NULL, parent INTEGER NOT NULL, PRIMARY KEY (subject, bucket)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE vault_shown_together (
        request BLOB PRIMARY KEY, day INTEGER NOT NULL, purpose TEXT NOT NULL, shown BLOB NOT NULL
    ) WITHOUT ROWID;
    """,
)
