"""Coming in: a one-time link, then a passkey (or a password with an app), then a code to print.

A link that another keeper makes for somebody who lost their keys asks that person's printed code too: neither of the two is
enough. A link from the terminal asks nothing more: whoever can open the organisation's keys made it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, new_id
from gestand.ledger.model import Event, Fact
from gestand.ledger.service import Ledger
from gestand.staff import passwords
from gestand.staff import store as sql
from gestand.staff.model import LINK_LASTS, Enrolled, Link, Passkey, Person
from gestand.staff.passkeys import NewKey, named
from gestand.staff.passwords import NewPassword
from gestand.staff.store import StaffStore

CODE_SIZE = 32
PRINTED_SIZE = 15
"""120 bits: 24 characters of base32, in groups of four."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """The rows, the ledger and the dice that coming in needs."""

    rows: StaffStore
    ledger: Ledger
    entropy: Entropy


def make_link(
    entry: Entry,
    *,
    roles: Sequence[str],
    keeper: bool,
    person: ActorId | None,
    asks_code: bool,
    by: ActorId,
    now: datetime,
) -> str:
    """Return the code of a fresh link; the store knows its SHA-256 alone."""
    code = base64.urlsafe_b64encode(entry.entropy(CODE_SIZE)).decode("ascii").rstrip("=")
    until = now + LINK_LASTS
    with entry.rows.engine.transaction():
        entry.rows.engine.execute(sql.OLD_LINKS, (now.isoformat(),))
        entry.rows.engine.execute(
            sql.ADD_LINK,
            (_hashed(code), " ".join(roles), int(keeper), person or "", until.isoformat(), by, int(asks_code)),
        )
        facts: dict[str, Fact] = {"roles": " ".join(roles), "keeper": keeper, "person": person or ""}
        entry.ledger.stage(Event("staff.link-made", now, by, facts))
    return code


def link_of(entry: Entry, code: str, printed: str, now: datetime) -> Link:
    """Return the link of a code.

    :raises RefusedError: ``link`` for every fault alike: none, used, old, the printed code missing or wrong.
    """
    link = entry.rows.link(_hashed(code))
    refused = RefusedError(
        "link",
        "this link does not open (any more), or the printed code with it is not right",
        remedy="Ask for a new link.",
    )
    if link is None or now > link.until:
        raise refused
    if link.asks_code and link.person is not None and not _printed_right(entry, link.person, printed):
        raise refused
    return link


def _printed_right(entry: Entry, person: ActorId, printed: str) -> bool:
    rows = entry.rows.engine.execute(sql.PRINTED, (person,))
    typed = _hashed("".join(printed.upper().split()).replace("-", ""))
    return bool(rows) and isinstance(rows[0][0], bytes) and hmac.compare_digest(rows[0][0], typed)


def enrol(
    entry: Entry,
    code: str,
    link: Link,
    *,
    fresh: ActorId,
    name: str,
    key: NewKey | NewPassword,
    label: str,
    now: datetime,
) -> Enrolled:
    """Let somebody in with a key that was verified; the link is used up in the same transaction.

    ``fresh``: the id that the passkey was made for, where the link is for a new person.

    :raises RefusedError: ``link`` if it was used meanwhile, ``name``.
    :raises UsageError: what ``passwords.keep`` refuses.
    """
    person = link.person or fresh
    with entry.rows.engine.transaction():
        if not entry.rows.engine.execute(sql.USE_LINK, (_hashed(code),)):
            raise RefusedError("link", "this link was used meanwhile", remedy="Ask for a new link.")
        if link.person is None:
            sealed = entry.rows.seal(f"person {person}", {"name": checked_name(name)})
            entry.rows.engine.execute(
                sql.ADD_PERSON, (person, " ".join(link.roles), int(link.keeper), now.isoformat(), "", sealed)
            )
            facts: dict[str, Fact] = {"roles": " ".join(link.roles), "keeper": link.keeper, "person": person}
            entry.ledger.stage(Event("staff.enrolled", now, person, facts))
        add_key(entry, person, key, label, now)
        printed = new_printed(entry, person)
    found = entry.rows.person(person)
    assert found is not None
    return Enrolled(found, printed)


def add_key(entry: Entry, person: ActorId, key: NewKey | NewPassword, label: str, now: datetime) -> None:
    """Keep another key of somebody.

    :raises RefusedError: ``passkey`` if the credential belongs to somebody already.
    """
    if isinstance(key, NewPassword):
        entry.rows.engine.execute(sql.DROP_PASSWORD, (person,))
        passwords.keep(entry.rows, person, key, now=now, entropy=entry.entropy)
        kind = "password"
    else:
        if entry.rows.passkey(named(key.credential_id)) is not None:
            raise RefusedError("passkey", "this passkey is known already", remedy="Use another device.")
        kept = Passkey(
            named(key.credential_id), person, label[:60], now, None, key.credential_id, key.public_key, key.sign_count
        )
        entry.rows.keep_passkey(kept, new=True)
        kind = "passkey"
    entry.ledger.stage(Event("staff.key-added", now, person, {"person": person, "how": kind}))


def new_printed(entry: Entry, person: ActorId) -> str:
    """Return a fresh code to print for somebody; an earlier one is void."""
    text = base64.b32encode(entry.entropy(PRINTED_SIZE)).decode("ascii")
    entry.rows.engine.execute(sql.SET_PRINTED, (person, _hashed(text)))
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def revoke(entry: Entry, person: Person, *, by: ActorId, now: datetime) -> None:
    """Let somebody act no more: their keys, codes and links are gone at once; their name leaves later."""
    with entry.rows.engine.transaction():
        entry.rows.engine.execute(sql.REVOKE, (now.isoformat(), person.id))
        for statement in (sql.DROP_PASSKEYS, sql.DROP_PASSWORD, sql.DROP_PRINTED):
            entry.rows.engine.execute(statement, (person.id,))
        entry.rows.engine.execute(sql.DROP_LINKS, (person.id, person.id))
        entry.ledger.stage(Event("staff.revoked", now, by, {"person": person.id}))


def new_person(entropy: Entropy) -> ActorId:
    """Return an id for somebody new: what stands in the ledger for them, and says nothing."""
    return ActorId(new_id("stf", entropy))


def checked_name(name: str) -> str:
    """Return a name as it is kept.

    :raises RefusedError: ``name`` if it is empty or too long.
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise RefusedError("name", "a name has 1 to 120 characters", remedy="Fill in your name.")
    return plain


def _hashed(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
