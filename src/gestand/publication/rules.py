"""When a version may be made current: never changed once published, never backdated, enlarging ones announced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from gestand.kernel.errors import RefusedError
from gestand.statement.model import Change, PublishedVersion

NOTICE_DAYS = 14
"""Days between notice and the day an enlarging version is in force, unless the firm takes more. No statute gives a number:
Articles 13(3) and 14(4) ask for it before; WP260 rev.01, paragraph 30, for well in advance."""


def refusal(
    version: str,
    *,
    in_force_from: date,
    today: date,
    previous: PublishedVersion | None,
    changes: Sequence[Change],
    notice_days: int,
    first: bool,
) -> RefusedError | None:
    """Return why the version may not be published so, or None. ``previous`` is the last one published, if any.

    ``first``: nothing was published here before, so there is nobody to tell and the past may be named as it was.
    """
    if previous is not None and version <= previous.version:
        return RefusedError(
            "version-older",
            f"version {version} is not later than {previous.version}, the last one published",
            where="policy.toml",
            remedy="Give the new version the date of today in policy.toml: version = …",
        )
    if previous is not None and in_force_from < previous.in_force_from:
        return RefusedError(
            "in-force-order",
            f"{in_force_from.isoformat()} lies before {previous.in_force_from.isoformat()}, when {previous.version} comes into force",
            remedy="Name a later day with --in-force-from.",
        )
    if first:
        return None
    if in_force_from < today:
        return RefusedError(
            "backdated",
            f"{in_force_from.isoformat()} has passed; a statement is never in force before it was published",
            remedy=f"Name {today.isoformat()} or later with --in-force-from.",
        )
    enlarging = [change for change in changes if change.kind == "enlarging"]
    earliest = today + timedelta(days=notice_days)
    if enlarging and in_force_from < earliest:
        shown = "; ".join(f"{c.what} {c.before} → {c.after}".replace("  ", " ") for c in enlarging[:3])
        more = f" and {len(enlarging) - 3} more" if len(enlarging) > 3 else ""
        return RefusedError(
            "notice-too-short",
            f"this version enlarges what happens with personal data ({shown}{more}): those concerned are told {notice_days} days before",
            where="Articles 13(3) and 14(4) GDPR",
            remedy=f"Name {earliest.isoformat()} or later with --in-force-from, and send the notice.",
        )
    return None
