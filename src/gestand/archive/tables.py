"""The tables of the archive. A script that was released never changes; a new one is added at the end."""

from __future__ import annotations

from datetime import datetime

MIGRATIONS = (
    """
    CREATE TABLE archive_message (
        number INTEGER NOT NULL PRIMARY KEY,
        thing BLOB NOT NULL UNIQUE,
        content BLOB NOT NULL UNIQUE,
        received INTEGER NOT NULL,
        admitted INTEGER NOT NULL,
        size INTEGER NOT NULL,
        why TEXT NOT NULL,
        parsed INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        shelf TEXT NOT NULL,
        rule TEXT NOT NULL,
        version TEXT NOT NULL,
        due INTEGER,
        corrected_by TEXT
    );
    CREATE INDEX archive_message_due ON archive_message (due);
    CREATE TABLE archive_part (
        number INTEGER NOT NULL,
        part INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (number, part)
    );
    CREATE TABLE archive_way (
        number INTEGER NOT NULL,
        way BLOB NOT NULL,
        later INTEGER NOT NULL,
        kind TEXT NOT NULL,
        sealed BLOB NOT NULL,
        origin BLOB,
        origin_since INTEGER,
        PRIMARY KEY (number, way)
    ) WITHOUT ROWID;
    CREATE INDEX archive_way_origin ON archive_way (origin);
    CREATE TABLE archive_counter (id INTEGER NOT NULL PRIMARY KEY, last INTEGER NOT NULL);
    INSERT INTO archive_counter VALUES (1, 0);
    CREATE TABLE archive_erasure (id TEXT NOT NULL PRIMARY KEY, ground TEXT NOT NULL, actor TEXT NOT NULL);
    CREATE TABLE archive_leaving (number INTEGER NOT NULL PRIMARY KEY, erasure TEXT NOT NULL);
    CREATE TABLE archive_hold (
        id TEXT NOT NULL PRIMARY KEY, reason TEXT NOT NULL, placed_by TEXT NOT NULL, placed_at INTEGER NOT NULL, until INTEGER
    );
    CREATE TABLE archive_held (hold TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (hold, number)) WITHOUT ROWID;
    CREATE INDEX archive_held_number ON archive_held (number);
    """,
    """
    CREATE TABLE archive_variant (
        content BLOB NOT NULL PRIMARY KEY, number INTEGER NOT NULL, essence BLOB NOT NULL, kind TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX archive_variant_essence ON archive_variant (essence);
    CREATE INDEX archive_variant_number ON archive_variant (number);
    """,
    """
    CREATE TABLE archive_heard (id INTEGER NOT NULL PRIMARY KEY, number INTEGER NOT NULL);
    INSERT INTO archive_heard VALUES (1, 0);
    """,
    """
    CREATE TABLE archive_restricted (
        number INTEGER NOT NULL PRIMARY KEY, reason TEXT NOT NULL, placed_by TEXT NOT NULL, placed_at INTEGER NOT NULL
    );
    """,
    "ALTER TABLE archive_way ADD COLUMN emptied INTEGER",
)


def seconds(instant: datetime) -> int:
    """Return an instant as it stands in a row."""
    return int(instant.timestamp())
