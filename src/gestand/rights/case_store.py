"""The SQL of what is kept beside a request: proposals, judgements, pauses, codes, parcels, the post book.

No row holds personal data: who wrote stands in the vault and the archive, under ids. All of a request's rows leave with it.
"""

from __future__ import annotations

from typing import Final

MIGRATIONS: Final = (
    """CREATE TABLE request_proposal (
        id TEXT PRIMARY KEY, message TEXT NOT NULL UNIQUE, asked TEXT NOT NULL, confidence TEXT NOT NULL,
        cues TEXT NOT NULL, also TEXT NOT NULL, received_at TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL,
        settled_at TEXT NOT NULL, request TEXT NOT NULL)""",
    "CREATE TABLE request_looked (one INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
    """CREATE TABLE request_judgement (
        request TEXT NOT NULL, kind TEXT NOT NULL, shown TEXT NOT NULL, other TEXT NOT NULL, judged_by TEXT NOT NULL,
        judged_at TEXT NOT NULL, PRIMARY KEY (request, kind))""",
    """CREATE TABLE request_pause (
        request TEXT NOT NULL, asked_at TEXT NOT NULL, answered_at TEXT NOT NULL, PRIMARY KEY (request, asked_at))""",
    """CREATE TABLE request_code (
        request TEXT PRIMARY KEY, about TEXT NOT NULL, hash TEXT NOT NULL, made_at TEXT NOT NULL, tries INTEGER NOT NULL)""",
    """CREATE TABLE request_approval (
        request TEXT PRIMARY KEY, digest TEXT NOT NULL, asked_by TEXT NOT NULL, given_by TEXT NOT NULL,
        given_at TEXT NOT NULL)""",
    """CREATE TABLE request_parcel (
        request TEXT PRIMARY KEY, salt BLOB NOT NULL, sealed BLOB NOT NULL, made_at TEXT NOT NULL,
        expires_at TEXT NOT NULL, tries INTEGER NOT NULL)""",
    """CREATE TABLE post_book (
        id TEXT PRIMARY KEY, received_on TEXT NOT NULL, entered_at TEXT NOT NULL, way TEXT NOT NULL, what TEXT NOT NULL,
        filed TEXT NOT NULL, request TEXT NOT NULL, message TEXT NOT NULL, entered_by TEXT NOT NULL)""",
    """CREATE TABLE request_opening (
        reference TEXT NOT NULL, day TEXT NOT NULL, purpose TEXT NOT NULL, items INTEGER NOT NULL,
        PRIMARY KEY (reference, day, purpose))""",
    "CREATE TABLE request_indexed (one INTEGER PRIMARY KEY, number INTEGER NOT NULL)",
    "CREATE TABLE request_reach (request TEXT PRIMARY KEY, sealed BLOB NOT NULL)",
    "DROP TABLE request_approval",
    """CREATE TABLE request_move (
        id TEXT PRIMARY KEY, item TEXT NOT NULL, sealed BLOB NOT NULL, hash TEXT NOT NULL, made_at TEXT NOT NULL,
        reason TEXT NOT NULL, tries INTEGER NOT NULL)""",
    """CREATE TABLE request_outside (
        program TEXT NOT NULL, number TEXT NOT NULL, request TEXT NOT NULL, PRIMARY KEY (program, number))""",
    "ALTER TABLE request_parcel ADD COLUMN mark TEXT NOT NULL DEFAULT ''",
    "DROP TABLE request_opening",  # the ledger has an index by subject of its own
    "DROP TABLE request_indexed",
    "ALTER TABLE request_outside ADD COLUMN theirs TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE request_callback (
        request TEXT NOT NULL, url TEXT NOT NULL, program TEXT NOT NULL, number TEXT NOT NULL, protocol TEXT NOT NULL,
        told TEXT NOT NULL, failures INTEGER NOT NULL, next_try TEXT NOT NULL, fault TEXT NOT NULL,
        PRIMARY KEY (request, url))""",
    "CREATE INDEX request_running ON request (conservative, id) WHERE state NOT IN ('closed', 'rejected')",
    "CREATE INDEX request_ended ON request (closed_at, id) WHERE closed_at <> ''",
    "CREATE INDEX request_proposal_open ON request_proposal (received_at, id) WHERE state = 'open'",
)
_OF_REQUEST: Final = ("judgement", "pause", "code", "parcel", "reach", "outside", "callback")
FORGET: Final = (
    *(f"DELETE FROM request_{table} WHERE request = ?" for table in _OF_REQUEST),  # noqa: S608 - names of ours
    "DELETE FROM request_proposal WHERE request = ?",
    "UPDATE post_book SET request = '' WHERE request = ?",
)

PROPOSAL_COLUMNS: Final = "id, message, asked, confidence, cues, also, received_at, due, state, settled_at, request"
ADD_PROPOSAL: Final = f"INSERT INTO request_proposal ({PROPOSAL_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?)"  # noqa: S608
PROPOSAL: Final = f"SELECT {PROPOSAL_COLUMNS} FROM request_proposal WHERE id = ?"  # noqa: S608
PROPOSALS: Final = f"SELECT {PROPOSAL_COLUMNS} FROM request_proposal ORDER BY received_at, id"  # noqa: S608
OPEN_PROPOSALS: Final = (
    f"SELECT {PROPOSAL_COLUMNS} FROM request_proposal WHERE state = 'open' ORDER BY received_at, id LIMIT ? OFFSET ?"  # noqa: S608
)
COUNT_OPEN_PROPOSALS: Final = "SELECT COUNT(*) FROM request_proposal WHERE state = 'open'"
PROPOSALS_AFTER: Final = f"SELECT {PROPOSAL_COLUMNS} FROM request_proposal WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
SETTLE_PROPOSAL: Final = "UPDATE request_proposal SET state = ?, settled_at = ?, request = ? WHERE id = ?"
DROP_PROPOSAL: Final = "DELETE FROM request_proposal WHERE id = ?"
LOOKED: Final = "SELECT number FROM request_looked WHERE one = 1"
SET_LOOKED: Final = "INSERT INTO request_looked (one, number) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET number = ?"

ADD_JUDGEMENT: Final = (
    "INSERT INTO request_judgement (request, kind, shown, other, judged_by, judged_at) VALUES (?,?,?,?,?,?)"
)
JUDGEMENTS: Final = (
    "SELECT kind, shown, other, judged_by, judged_at FROM request_judgement WHERE request = ? ORDER BY judged_at, kind"
)

ADD_PAUSE: Final = "INSERT INTO request_pause (request, asked_at, answered_at) VALUES (?, ?, '')"
END_PAUSE: Final = "UPDATE request_pause SET answered_at = ? WHERE request = ? AND answered_at = ''"
PAUSES: Final = "SELECT asked_at, answered_at FROM request_pause WHERE request = ? ORDER BY asked_at"

DROP_CODE: Final = "DELETE FROM request_code WHERE request = ?"
ADD_CODE: Final = "INSERT INTO request_code (request, about, hash, made_at, tries) VALUES (?,?,?,?,0)"
CODE: Final = "SELECT about, hash, made_at, tries FROM request_code WHERE request = ?"
TRIED_CODE: Final = "UPDATE request_code SET tries = tries + 1 WHERE request = ?"

DROP_MOVES: Final = "DELETE FROM request_move WHERE item = ?"
DROP_MOVE: Final = "DELETE FROM request_move WHERE id = ?"
ADD_MOVE: Final = "INSERT INTO request_move (id, item, sealed, hash, made_at, reason, tries) VALUES (?,?,?,?,?,?,0)"
MOVE: Final = "SELECT item, sealed, hash, made_at, reason, tries FROM request_move WHERE id = ?"
TRIED_MOVE: Final = "UPDATE request_move SET tries = tries + 1 WHERE id = ?"
MOVE_DAYS: Final = "SELECT id, made_at FROM request_move ORDER BY made_at"

ADD_OUTSIDE: Final = "INSERT INTO request_outside (program, number, request, theirs) VALUES (?,?,?,?)"
OUTSIDE: Final = "SELECT request FROM request_outside WHERE program = ? AND number = ?"
THEIRS: Final = "SELECT theirs FROM request_outside WHERE request = ?"

ADD_CALLBACK: Final = (
    "INSERT INTO request_callback (request, url, program, number, protocol, told, failures, next_try, fault)"
    " VALUES (?,?,?,?,?,?,0,'','') ON CONFLICT (request, url) DO NOTHING"
)
CALLBACKS: Final = "SELECT request, url, program, number, protocol, told, failures, next_try FROM request_callback ORDER BY request, url"
TOLD_CALLBACK: Final = (
    "UPDATE request_callback SET told = ?, failures = 0, next_try = '', fault = '' WHERE request = ? AND url = ?"
)
FAILED_CALLBACK: Final = (
    "UPDATE request_callback SET failures = failures + 1, next_try = ?, fault = ? WHERE request = ? AND url = ?"
)

REACH: Final = "SELECT sealed FROM request_reach WHERE request = ?"
ADD_REACH: Final = "INSERT INTO request_reach (request, sealed) VALUES (?,?)"
DROP_REACH: Final = "DELETE FROM request_reach WHERE request = ?"

DROP_PARCEL: Final = "DELETE FROM request_parcel WHERE request = ?"
ADD_PARCEL: Final = (
    "INSERT INTO request_parcel (request, salt, sealed, made_at, expires_at, mark, tries) VALUES (?,?,?,?,?,?,0)"
)
PARCEL: Final = "SELECT salt, sealed, expires_at, tries FROM request_parcel WHERE request = ?"
PARCEL_BY_MARK: Final = "SELECT request FROM request_parcel WHERE mark = ?"
TAKE_PARCEL: Final = "DELETE FROM request_parcel WHERE request = ? AND mark = ? AND salt = ? RETURNING request"
TRIED_PARCEL: Final = "UPDATE request_parcel SET tries = tries + 1 WHERE request = ?"
PARCEL_DAYS: Final = "SELECT request, expires_at FROM request_parcel ORDER BY expires_at"

BOOK_COLUMNS: Final = "id, received_on, entered_at, way, what, filed, request, message, entered_by"
ADD_BOOK: Final = f"INSERT INTO post_book ({BOOK_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)"  # noqa: S608
BOOK: Final = f"SELECT {BOOK_COLUMNS} FROM post_book ORDER BY received_on, id"  # noqa: S608
DROP_BOOK: Final = "DELETE FROM post_book WHERE id = ?"
