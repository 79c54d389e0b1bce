"""Judgements about staff: for which purposes roles may act, when a session is over, when an approval stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId
from gestand.staff.model import APPROVAL_LASTS, IDLE, LONGEST, Approval, Over, Person, Session
from gestand.statement.policy import Policy


def purposes_of(policy: Policy, roles: Sequence[str]) -> tuple[PurposeId, ...]:
    """Return the purposes that roles may act for, in the order of the policy. A policy without roles limits nobody."""
    if not policy.roles:
        return tuple(map(PurposeId, policy.purposes))
    named = {purpose for role in roles if role in policy.roles for purpose in policy.roles[role].purposes}
    return tuple(PurposeId(name) for name in policy.purposes if name in named)


def check_roles(policy: Policy, roles: Sequence[str]) -> None:
    """Refuse a role that the policy does not have, and nobody's role.

    :raises UsageError: ``role-unknown``.
    """
    unknown = [role for role in roles if role not in policy.roles]
    if unknown or (policy.roles and not roles):
        raise UsageError(
            "role-unknown",
            f"'{unknown[0]}' is no role" if unknown else "someone who acts has a role",
            where="policy.toml: roles",
            remedy="The roles are: " + (", ".join(policy.roles) or "none; leave them out") + ".",
        )


def widest(policy: Policy) -> tuple[str, ...]:
    """Return the role with the most purposes: what the first person of a new organisation gets."""
    if not policy.roles:
        return ()
    return (max(policy.roles, key=lambda name: len(policy.roles[name].purposes)),)


def over(session: Session, now: datetime) -> Over | None:
    """Return why a session is over, or None while it lasts: 15 minutes without a request, 8 hours in all."""
    if now - session.began > LONGEST:
        return Over.TOO_LONG
    return Over.IDLE if now - session.seen > IDLE else None


def ready_at(
    now: datetime, *, giver: ActorId, asker: ActorId, keepers: Sequence[Person], waiting: timedelta
) -> datetime:
    """Return from when an approval that is given now stands: at once from a second person, later from the same one.

    :raises RefusedError: ``approval-own`` if another keeper is there to be asked.
    """
    if giver != asker:
        return now
    if any(person.active and person.id != asker for person in keepers):
        raise RefusedError(
            "approval-own",
            "who asked for this cannot give it: there is somebody else who can",
            remedy="Let another keeper look at it.",
        )
    return now + waiting


def stands(approval: Approval, now: datetime) -> bool:
    """Say whether an approval may be used now: given, its waiting time over, not used, not grown old."""
    return (
        approval.used_at is None
        and approval.ready is not None
        and approval.ready <= now <= approval.ready + APPROVAL_LASTS
    )
