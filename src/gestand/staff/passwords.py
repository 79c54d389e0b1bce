"""A password with a code of an authenticator app, for who cannot use a passkey: Argon2id (RFC 9106) and TOTP (RFC 6238).

An unknown name costs the same work as a known one and gets the same answer. A code is used once; after five failures in a
row each next attempt waits longer, a minute at most, so that nobody is locked out by somebody else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.staff import store as sql
from gestand.staff.store import StaffStore

SHORTEST = 12
SECRET_SIZE = 20
STEP = 30
DIGITS = 6
FREE_FAILURES = 5
LONGEST_WAIT = 60
_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$657YGViWJEOEdZiyBGjifA$PU0BrjqxLoi3obC9djeieUvzraXJ/ucAOCoqcaOeBWc"
"""A hash that no password has: what an unknown name is compared with."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """What a person typed: a name to sign in with, a password, the app's secret and its present code."""

    login: str
    password: str = field(repr=False)
    secret: bytes = field(repr=False)
    code: str = field(repr=False)


def new_secret(entropy: Entropy) -> bytes:
    """Return a fresh secret for an authenticator app."""
    return entropy(SECRET_SIZE)


def shown(secret: bytes) -> str:
    """Return a secret as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode("ascii")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of(secret: bytes, firm: str) -> str:
    """Return a secret as the address that an authenticator app on this device opens (Key Uri Format)."""
    key = base64.b32encode(secret).decode("ascii")
    return (
        f"otpauth://totp/{quote(firm)}?secret={key}&issuer={quote(firm)}&algorithm=SHA1&digits={DIGITS}&period={STEP}"
    )


def step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """Return the 30-second step that ``code`` belongs to, this one or a neighbour; None if to none."""
    digits = "".join(code.split())
    totp = TOTP(secret, DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303 - HMAC-SHA-1, as RFC 6238 has it
    step = int(now.timestamp()) // STEP
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return None
    for at in (step, step - 1, step + 1):
        try:
            totp.verify(digits.encode(), at * STEP)
        except InvalidToken:
            continue
        return at
    return None


def check_new(wanted: NewPassword, now: datetime) -> int:
    """Return the step of the first code.

    :raises UsageError: ``password-short``, ``login``, ``totp-code``.
    """
    if len(wanted.password) < SHORTEST:
        raise UsageError(
            "password-short",
            f"a password of {len(wanted.password)} characters can be guessed",
            remedy=f"Take {SHORTEST} characters or more: a few words that have nothing to do with each other.",
        )
    if not 2 <= len(wanted.login.strip()) <= 64:
        raise UsageError("login", "a name to sign in with has 2 to 64 characters", remedy="Choose one.")
    step = step_of(wanted.secret, wanted.code, now)
    if step is None:
        raise UsageError(
            "totp-code", "this is not the code that the app shows now", remedy="Check the clock of the telephone."
        )
    return step


def keep(rows: StaffStore, person: ActorId, wanted: NewPassword, *, now: datetime, entropy: Entropy) -> None:
    """Write a password.

    :raises UsageError: as ``check_new``, and ``login-taken``.
    """
    step = check_new(wanted, now)
    login = rows.login(wanted.login)
    if rows.engine.execute(sql.PASSWORD, (login,)):
        raise UsageError("login-taken", "somebody has this name already", remedy="Choose another.")
    kept = {"hash": _HASHER.hash(wanted.password, salt=entropy(16)), "totp": wanted.secret.hex()}
    sealed = rows.seal(f"password {person}", kept)
    rows.engine.execute(sql.ADD_PASSWORD, (login, person, step, sealed))


def verify(rows: StaffStore, login: str, password: str, code: str, *, now: datetime) -> ActorId:
    """Return who this is.

    What failed is written before it is said, so that a try is counted whatever follows.

    :raises RefusedError: ``sign-in`` for every fault alike.
    """
    name = rows.login(login)
    found = rows.engine.execute(sql.PASSWORD, (name,))
    refused = RefusedError("sign-in", "name, password or code is not right", remedy="Try again in a moment.")
    if not found:
        _same(_NOBODY, password)
        raise refused
    who, _, not_before, _, sealed = found[0]
    person = ActorId(str(who))
    kept = rows.unseal(f"password {person}", sealed)
    right = _same(str(kept["hash"]), password)
    step = step_of(bytes.fromhex(str(kept["totp"])), code, now)
    waiting = bool(not_before) and now < datetime.fromisoformat(str(not_before))
    if right and step is not None and not waiting and rows.engine.execute(sql.PASSWORD_USED, (step, name, step)):
        return person  # of several who bring the same code at once, one
    if not waiting:
        _count_failure(rows, name, now)
    raise refused


def _count_failure(rows: StaffStore, name: bytes, now: datetime) -> None:
    with rows.engine.transaction():  # others may be failing at the same moment
        found = rows.engine.execute(sql.PASSWORD, (name,))
        if not found:
            return
        count = int(found[0][1] or 0) + 1
        wait = min(LONGEST_WAIT, 2 ** min(6, count - FREE_FAILURES)) if count >= FREE_FAILURES else 0
        until = (now + timedelta(seconds=wait)).isoformat() if wait else ""
        rows.engine.execute(sql.PASSWORD_FAILED, (count, until, name))


def _same(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
