"""Proof of control over a contact point already held: a code sent there, typed back within ten minutes.

The least intrusive way to be sure (Article 12(6); EDPB 01/2022, 65). Only a hash of the code is kept (Argon2id, RFC 9106),
five tries at most, and it is gone once judged. Known and unknown, right and wrong, cost the same work and hear the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import SYSTEM, ActorId, PurposeId, SubjectId
from gestand.post.model import Mail, MailKind
from gestand.post.service import Post
from gestand.rights import case_store as sql
from gestand.rights.desk import Desk
from gestand.statement.policy import FieldKind

LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
DIGITS: Final = 8
_HASHER: Final = PasswordHasher()
NONE: Final = "$argon2id$v=19$m=65536,t=3,p=4$657YGViWJEOEdZiyBGjifA$PU0BrjqxLoi3obC9djeieUvzraXJ/ucAOCoqcaOeBWc"
"""A hash that no code has: what a request without a code is compared with, for the same work."""


def new_code(entropy: Entropy) -> str:
    """Return a fresh code of eight digits."""
    return f"{int.from_bytes(entropy(8), 'big') % 10**DIGITS:0{DIGITS}d}"


def send_code(desk: Desk, post: Post, request_id: str, *, actor: ActorId, subject: SubjectId | None = None) -> str:
    """Send a fresh code to an address that is held of who asks, and return its Message-ID; an earlier code is void.

    ``subject``: whose address, where the contact point did not tell. Of somebody unknown the address they wrote from is
    held too, in the file of the request: they get a code like anybody else, and learn nothing from it. What no person of the
    firm asked (the portal) brings an address one code in an hour at most, however many requests name it; then nothing leaves,
    the code before stays good, and who asks is told the same.

    :raises UsageError: ``request-unknown``, ``subject-unknown``. :raises RefusedError: ``request-closed``;
        ``identity-no-address`` if no e-mail address is held.
    """
    request = desk.open_one(request_id)
    whose = subject or request.subject
    policy = desk.statements.in_force().policy
    holdings = desk.vault.holdings(whose) if desk.vault.exists(whose) else ()
    kinds = {path: field.kind for path in policy.field_paths() if (field := policy.field(path)) is not None}
    held = [one for one in holdings if kinds.get(one.field) is FieldKind.EMAIL]
    if not held:
        raise RefusedError(
            "identity-no-address",
            "no e-mail address is held of who asks",
            where=request.id,
            remedy="Call a number that is held, ask for a second fact, or see the person; then 'gestand request verify'.",
        )
    first = min(held, key=lambda one: one.collected_at)
    opened = desk.vault.open(
        whose, PurposeId(policy.rights.purpose), actor=actor, reason=f"code for {request.id}", items=[first.item]
    )
    code = new_code(desk.entropy)
    kept = hashed(code, desk.entropy)
    values = {"code": f"{code[:4]} {code[4:]}", "request": request.id}
    written = [post.letter_text("code", language, values) for language in ("nl", "en")]
    with desk.engine.transaction():
        if actor == SYSTEM and post.sent_lately(opened.items[0].value, MailKind.CODE):
            return ""
        desk.engine.execute(sql.DROP_CODE, (request.id,))
        desk.engine.execute(sql.ADD_CODE, (request.id, whose, kept, desk.clock().isoformat()))
        message = post.send(
            Mail(
                to=opened.items[0].value,
                subject=f"{written[0].subject} / {written[1].subject}",
                text=f"{written[0].text}\n--------\n\n{written[1].text}",
                kind=MailKind.CODE,
                reference=request.id,
                subject_id=whose,
            )
        )
        desk.stage("request.code-sent", request, actor)
    return message


def prove(desk: Desk, request_id: str, code: str) -> SubjectId | None:
    """Say whose contact point a typed code proves, None if it proves nothing: wrong, old, used, tried too often, or none sent.

    A failed try is written before it is said. A code that was right is gone.
    """
    rows = desk.engine.execute(sql.CODE, (request_id,))
    whose, kept, made, tries = rows[0] if rows else ("", NONE, "", TRIES)
    right = same(str(kept), "".join(code.split()))
    alive = (
        bool(made)
        and int(str(tries)) < TRIES
        and timedelta(0) <= desk.clock() - datetime.fromisoformat(str(made)) <= LASTS
    )
    with desk.engine.transaction():
        desk.engine.execute(sql.DROP_CODE if right and alive else sql.TRIED_CODE, (request_id,))
    return SubjectId(str(whose)) if right and alive else None


def hashed(code: str, entropy: Entropy) -> str:
    """Return the Argon2id hash of a code."""
    return _HASHER.hash(code, salt=entropy(16))


def same(kept: str, code: str) -> bool:
    """Say whether a code belongs to a hash."""
    try:
        return _HASHER.verify(kept, code)
    except (VerificationError, InvalidHashError):
        return False
