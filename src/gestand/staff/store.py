"""The SQL of staff. What tells who somebody is lies sealed; an id, roles and moments do not."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gestand.kernel.crypto import NONCE_SIZE, Sealer, derive, mac
from gestand.kernel.entropy import Entropy
from gestand.kernel.ids import ActorId
from gestand.staff.model import Act, Approval, How, Link, Passkey, Person, Session
from gestand.storage.engine import Engine, Row, Value

MIGRATIONS = (
    """CREATE TABLE staff_person (
        id TEXT PRIMARY KEY, roles TEXT NOT NULL, keeper INTEGER NOT NULL, joined TEXT NOT NULL, revoked TEXT NOT NULL,
        sealed BLOB NOT NULL)""",
    """CREATE TABLE staff_passkey (
        key TEXT PRIMARY KEY, person TEXT NOT NULL, made TEXT NOT NULL, used TEXT NOT NULL, sealed BLOB NOT NULL)""",
    """CREATE TABLE staff_password (
        login BLOB PRIMARY KEY, person TEXT NOT NULL, failures INTEGER NOT NULL, not_before TEXT NOT NULL,
        last_step INTEGER NOT NULL, sealed BLOB NOT NULL)""",
    "CREATE TABLE staff_printed (person TEXT PRIMARY KEY, code BLOB NOT NULL)",
    """CREATE TABLE staff_link (
        code BLOB PRIMARY KEY, roles TEXT NOT NULL, keeper INTEGER NOT NULL, person TEXT NOT NULL, until TEXT NOT NULL,
        made_by TEXT NOT NULL, asks_code INTEGER NOT NULL)""",
    """CREATE TABLE staff_session (
        token BLOB PRIMARY KEY, person TEXT NOT NULL, thumbprint TEXT NOT NULL, how TEXT NOT NULL, began TEXT NOT NULL,
        seen TEXT NOT NULL, fresh TEXT NOT NULL)""",
    """CREATE TABLE staff_approval (
        id TEXT PRIMARY KEY, act TEXT NOT NULL, digest TEXT NOT NULL, asked_by TEXT NOT NULL, asked_at TEXT NOT NULL,
        given_by TEXT NOT NULL, ready TEXT NOT NULL, used_at TEXT NOT NULL)""",
)
PEOPLE = "SELECT id, roles, keeper, joined, revoked, sealed FROM staff_person ORDER BY joined, id"
PERSON = "SELECT id, roles, keeper, joined, revoked, sealed FROM staff_person WHERE id = ?"
ADD_PERSON = "INSERT INTO staff_person (id, roles, keeper, joined, revoked, sealed) VALUES (?,?,?,?,?,?)"
SET_ROLES = "UPDATE staff_person SET roles = ?, keeper = ? WHERE id = ?"
OTHER_ROLES = "SELECT 1 FROM staff_person WHERE id = ? AND (roles <> ? OR keeper <> ?)"
REVOKE = "UPDATE staff_person SET revoked = ? WHERE id = ?"
FORGET = "DELETE FROM staff_person WHERE id = ?"
REVOKED = "SELECT id, revoked FROM staff_person WHERE revoked <> '' AND revoked < ? ORDER BY revoked, id"

PASSKEYS = "SELECT key, person, made, used, sealed FROM staff_passkey WHERE person = ? ORDER BY made, key"
PASSKEY = "SELECT key, person, made, used, sealed FROM staff_passkey WHERE key = ?"
ADD_PASSKEY = "INSERT INTO staff_passkey (key, person, made, used, sealed) VALUES (?,?,?,?,?)"
USE_PASSKEY = "UPDATE staff_passkey SET used = ?, sealed = ? WHERE key = ?"
DROP_PASSKEY = "DELETE FROM staff_passkey WHERE key = ? AND person = ?"
DROP_KEY = "DELETE FROM staff_passkey WHERE key = ?"
DROP_PASSKEYS = "DELETE FROM staff_passkey WHERE person = ?"

PASSWORD = "SELECT person, failures, not_before, last_step, sealed FROM staff_password WHERE login = ?"  # noqa: S105
HAS_PASSWORD = "SELECT 1 FROM staff_password WHERE person = ?"  # noqa: S105 - SQL
ADD_PASSWORD = """INSERT INTO staff_password (login, person, failures, not_before, last_step, sealed)
    VALUES (?,?,0,'',?,?)"""  # noqa: S105 - SQL
PASSWORD_USED = """UPDATE staff_password SET failures = 0, not_before = '', last_step = ?
    WHERE login = ? AND last_step < ? RETURNING 1"""  # noqa: S105 - SQL
PASSWORD_FAILED = "UPDATE staff_password SET failures = ?, not_before = ? WHERE login = ?"  # noqa: S105 - SQL
DROP_PASSWORD = "DELETE FROM staff_password WHERE person = ?"  # noqa: S105 - SQL

SET_PRINTED = (
    "INSERT INTO staff_printed (person, code) VALUES (?,?) ON CONFLICT (person) DO UPDATE SET code = excluded.code"
)
PRINTED = "SELECT code FROM staff_printed WHERE person = ?"
DROP_PRINTED = "DELETE FROM staff_printed WHERE person = ?"

ADD_LINK = "INSERT INTO staff_link (code, roles, keeper, person, until, made_by, asks_code) VALUES (?,?,?,?,?,?,?)"
LINK = "SELECT roles, keeper, person, until, made_by, asks_code FROM staff_link WHERE code = ?"
USE_LINK = "DELETE FROM staff_link WHERE code = ? RETURNING code"
OLD_LINKS = "DELETE FROM staff_link WHERE until < ?"
DROP_ALL_LINKS = "DELETE FROM staff_link"
DROP_LINKS = "DELETE FROM staff_link WHERE person = ? OR made_by = ?"

ADD_SESSION = "INSERT INTO staff_session (token, person, thumbprint, how, began, seen, fresh) VALUES (?,?,?,?,?,?,?)"
SESSION = "SELECT token, person, thumbprint, how, began, seen, fresh FROM staff_session WHERE token = ?"
SESSIONS = "SELECT token, person, thumbprint, how, began, seen, fresh FROM staff_session ORDER BY began, token"
SEEN = "UPDATE staff_session SET seen = ? WHERE token = ?"
FRESHENED = "UPDATE staff_session SET fresh = ? WHERE token = ?"
DROP_SESSIONS = "DELETE FROM staff_session"
DROP_SESSION = "DELETE FROM staff_session WHERE token = ? RETURNING person"

ADD_APPROVAL = "INSERT INTO staff_approval (id, act, digest, asked_by, asked_at, given_by, ready, used_at) VALUES (?,?,?,?,?,'','','')"
APPROVALS = (
    "SELECT id, act, digest, asked_by, asked_at, given_by, ready, used_at FROM staff_approval "
    "WHERE used_at = '' ORDER BY asked_at, id"
)
GIVE = "UPDATE staff_approval SET given_by = ?, ready = ? WHERE id = ? AND given_by = '' RETURNING id"
USE = "UPDATE staff_approval SET used_at = ? WHERE id = ? AND used_at = '' RETURNING id"
DROP_ALL_APPROVALS = "DELETE FROM staff_approval"
DROP_APPROVALS = "DELETE FROM staff_approval WHERE asked_at < ?"


class StaffStore:
    """Rows of staff; what is sealed is bound to its table and key."""

    def __init__(self, engine: Engine, root_key: bytes, entropy: Entropy) -> None:
        engine.migrate("staff", MIGRATIONS)
        self.engine = engine
        self._sealer = Sealer(derive(root_key, "staff"))
        self._index = derive(root_key, "staff/login")
        self._entropy = entropy

    def seal(self, place: str, document: Mapping[str, str | int]) -> bytes:
        """Return a document sealed for ``place``: table and key."""
        return self._sealer.seal(json.dumps(document).encode(), _bound(place), self._entropy(NONCE_SIZE))

    def unseal(self, place: str, sealed: Value) -> dict[str, str | int]:
        """Return a sealed document.

        :raises DamagedError: if it was changed or moved.
        """
        assert isinstance(sealed, bytes)
        found: dict[str, str | int] = json.loads(self._sealer.open(sealed, _bound(place), place))
        return found

    def login(self, name: str) -> bytes:
        """Return the token by which a sign-in name is found."""
        return mac(self._index, " ".join(name.casefold().split()).encode("utf-8", "surrogatepass"), 32)

    def people(self) -> tuple[Person, ...]:
        """Return everybody, those who left until they are forgotten included."""
        return tuple(self._person(row) for row in self.engine.execute(PEOPLE))

    def person(self, person_id: str) -> Person | None:
        """Return somebody, or None."""
        rows = self.engine.execute(PERSON, (person_id,))
        return self._person(rows[0]) if rows else None

    def _person(self, row: Row) -> Person:
        id_ = ActorId(str(row[0]))
        return Person(
            id_, str(self.unseal(f"person {id_}", row[5])["name"]), _words(row[1]), bool(row[2]), _moment(row[3]),
            _maybe(row[4]), len(self.engine.execute(PASSKEYS, (id_,))), bool(self.engine.execute(HAS_PASSWORD, (id_,))),
        )  # fmt: skip

    def passkeys(self, person: str) -> tuple[Passkey, ...]:
        """Return the passkeys of somebody, oldest first."""
        return tuple(self._passkey(row) for row in self.engine.execute(PASSKEYS, (person,)))

    def passkey(self, key: str) -> Passkey | None:
        """Return a passkey by the hash of its credential id, or None."""
        rows = self.engine.execute(PASSKEY, (key,))
        return self._passkey(rows[0]) if rows else None

    def _passkey(self, row: Row) -> Passkey:
        key = str(row[0])
        kept = self.unseal(f"passkey {key}", row[4])
        return Passkey(
            key, ActorId(str(row[1])), str(kept["label"]), _moment(row[2]), _maybe(row[3]),
            bytes.fromhex(str(kept["id"])), bytes.fromhex(str(kept["public"])), int(kept["count"]),
        )  # fmt: skip

    def keep_passkey(self, passkey: Passkey, *, new: bool) -> None:
        """Write a passkey."""
        sealed = self.seal(
            f"passkey {passkey.key}",
            {"label": passkey.label, "id": passkey.credential_id.hex(), "public": passkey.public_key.hex(), "count": passkey.sign_count},
        )  # fmt: skip
        used = passkey.used.isoformat() if passkey.used else ""
        if new:
            self.engine.execute(ADD_PASSKEY, (passkey.key, passkey.person, passkey.made.isoformat(), used, sealed))
        else:
            self.engine.execute(USE_PASSKEY, (used, sealed, passkey.key))

    def link(self, code: bytes) -> Link | None:
        """Return a link by the hash of its code, or None."""
        rows = self.engine.execute(LINK, (code,))
        if not rows:
            return None
        roles, keeper, person, until, made_by, asks = rows[0]
        return Link(
            _words(roles), bool(keeper), ActorId(str(person)) if person else None, _moment(until), ActorId(str(made_by)),
            bool(asks),
        )  # fmt: skip

    def sessions(self) -> tuple[tuple[bytes, Session], ...]:
        """Return every session with the hash of its token."""
        return tuple(
            (bytes(row[0]), session_of(row)) for row in self.engine.execute(SESSIONS) if isinstance(row[0], bytes)
        )

    def session(self, token: bytes) -> Session | None:
        """Return a session by the hash of its token, or None."""
        rows = self.engine.execute(SESSION, (token,))
        return session_of(rows[0]) if rows else None

    def approvals(self) -> tuple[Approval, ...]:
        """Return the approvals that were asked for and not used, oldest first."""
        return tuple(_approval(row) for row in self.engine.execute(APPROVALS))


@dataclass(frozen=True, slots=True)
class CutOff:
    """What people and keys lost after a store was copied, by the ledger.

    ``left``: ids of people who were revoked or forgotten, and names of passkeys that were removed; ``roles``: what somebody
    has now, and whether they are a keeper; ``printed``, ``passwords``: of whom a code or password was replaced.
    """

    left: Sequence[str]
    roles: Mapping[str, tuple[str, bool]]
    printed: Collection[str] = ()
    passwords: Collection[str] = ()


def cut_off(engine: Engine, lost: CutOff) -> int:
    """Take away from a restored store what people and keys lost after it was copied; return how many of them were in it.

    The names of who left go too: the ledger says that they left. No session, link or approval survives: each was of a
    moment, and may have been used since.
    """
    engine.migrate("staff", MIGRATIONS)
    with engine.transaction():
        for statement in (DROP_SESSIONS, DROP_ALL_LINKS, DROP_ALL_APPROVALS):
            engine.execute(statement)
        people = [one for one in lost.left if engine.execute(PERSON, (one,))]
        keys = [one for one in lost.left if engine.execute(PASSKEY, (one,))]
        for one in people:
            for statement in (DROP_PASSKEYS, DROP_PASSWORD, DROP_PRINTED, FORGET):
                engine.execute(statement, (one,))
        for one in keys:
            engine.execute(DROP_KEY, (one,))
        others = [
            one for one, (roles, keeper) in lost.roles.items() if engine.execute(OTHER_ROLES, (one, roles, int(keeper)))
        ]
        for one in others:
            engine.execute(SET_ROLES, (lost.roles[one][0], int(lost.roles[one][1]), one))
        codes = [one for one in lost.printed if engine.execute(PRINTED, (one,))]
        words = [one for one in lost.passwords if engine.execute(HAS_PASSWORD, (one,))]
        for one in codes:
            engine.execute(DROP_PRINTED, (one,))
        for one in words:
            engine.execute(DROP_PASSWORD, (one,))
    return len(people) + len(keys) + len(others) + len(codes) + len(words)


def session_of(row: Row) -> Session:
    """Return a session as it was written."""
    token = row[0]
    assert isinstance(token, bytes)
    return Session(
        token.hex()[:32], ActorId(str(row[1])), str(row[2]), How(str(row[3])), _moment(row[4]), _moment(row[5]), _moment(row[6])
    )  # fmt: skip


def _approval(row: Row) -> Approval:
    id_, act, digest, asked_by, asked_at, given_by, ready, used_at = (str(value) for value in row)
    return Approval(
        id_, Act(act), digest, ActorId(asked_by), _moment(asked_at), ActorId(given_by) if given_by else None,
        _maybe(ready), _maybe(used_at),
    )  # fmt: skip


def _bound(place: str) -> bytes:
    return b"gestand/staff/1\x00" + place.encode()


def _words(value: Value) -> tuple[str, ...]:
    return tuple(str(value).split())


def _moment(value: Value) -> datetime:
    return datetime.fromisoformat(str(value))


def _maybe(value: Value) -> datetime | None:
    return _moment(value) if value else None
