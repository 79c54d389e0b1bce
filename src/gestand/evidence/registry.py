"""All controls there are, and those that a statement may await. The ids are stable; docs/formats.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gestand.evidence.model import Control

AWAITED: Mapping[str, str] = {}
"""Controls whose room is not built yet, and that room: ``check`` lists them, ``prove`` says unproven."""


@cache
def controls() -> Mapping[str, Control]:
    """Return every built control by its id."""
    from gestand.evidence.controls import (
        announcing,
        answers,
        archive,
        attested,
        breach,
        choices,
        collecting,
        keeping,
        logging,
        outreach,
        pages,
        restoring,
        rights,
        sealed,
        sharing,
        sites,
        statement,
        surroundings,
        systems,
        ways,
    )

    rooms = (
        announcing,
        logging,
        collecting,
        sealed,
        keeping,
        restoring,
        rights,
        answers,
        choices,
        breach,
        sharing,
        statement,
        pages,
        sites,
        surroundings,
        outreach,
        ways,
        archive,
        systems,
        attested,
    )
    found = [control for room in rooms for control in room.CONTROLS]
    by_id = {control.id: control for control in found}
    assert len(by_id) == len(found), "two controls have one id"
    return by_id


def control_ids() -> frozenset[str]:
    """Return the ids that ``kept-by`` may name."""
    return frozenset(controls())
