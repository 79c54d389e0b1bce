"""What is restricted may only be stored: no sweep takes it, a person decides, and who erases it unasked is found out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.model import Finding, Verdict
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, SubjectId
from gestand.retention.rules import RESTRICTED
from gestand.system import System

OWNER = ActorId("owner")
WHY = "Article 18(1)(c): needed for a court case"


def restricted_and_due(house: System) -> tuple[SubjectId, list[ItemId]]:
    """Return someone whose data are due today, one of them restricted."""
    values = {FieldPath("contact.name"): "Hugo Bos", FieldPath("contact.email"): "hugo@example.org"}
    subject = house.intake.admit(None, values, PurposeId("service"), source="counter", actor=OWNER)
    items = [h.item for h in house.vault.holdings(subject)]
    today = local_date(house.clock())
    house.vault.set_due([(item, today, today) for item in items], trigger="collected", actor=OWNER)
    house.choices.restrict(items[:1], actor=OWNER, reason=WHY)
    return subject, items


def verdict(sandbox: DemonstrationSandbox, control: str) -> Verdict:
    return run_control(controls()[control], sandbox.world()).verdict


def test_a_restricted_datum_stays_until_a_person_lifts_the_restriction(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    subject, [kept, _] = restricted_and_due(house)
    run = house.retention.run(actor=OWNER)
    assert [(one.due.key, one.why, one.until) for one in run.staying if one.custodian == "vault"] == [
        (kept, RESTRICTED, None)
    ]
    assert [h.item for h in house.vault.holdings(subject)] == [kept]
    house.clock.advance(timedelta(days=30))
    house.retention.run(actor=OWNER)
    assert house.retention.drift() == {}
    rights = PurposeId(house.statements.in_force().policy.rights.purpose)
    assert [o.holding.item for o in house.vault.open(subject, rights, actor=OWNER, reason="her copy").items] == [kept]
    assert verdict(sandbox, "restriction-honoured").finding is Finding.KEPT
    assert verdict(sandbox, "retention-within-period").finding is Finding.KEPT
    house.choices.release([kept], actor=OWNER, reason="told on paper")
    house.retention.run(actor=OWNER)
    assert not house.vault.exists(subject)
    assert verdict(sandbox, "restriction-honoured").finding is Finding.KEPT


def test_a_hold_over_what_is_restricted_says_why_it_stays_and_the_restriction_outlives_it(place: Place):
    house = place.open()
    _, [kept, _] = restricted_and_due(house)
    ends = local_date(place.clock()) + timedelta(days=3)
    house.vault.place_hold([kept], reason="geschil", until=ends, actor=OWNER)
    assert [one.why for one in house.retention.plan().staying if one.due.key == kept] == ["geschil"]
    place.clock.advance(timedelta(days=4))
    assert [one.why for one in house.retention.plan().staying if one.due.key == kept] == [RESTRICTED]


def test_a_restricted_message_stays(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    first, *_ = sorted((kept for kept in house.archive.every() if kept.due), key=lambda kept: str(kept.due))
    assert first.due is not None
    house.archive.restrictions.place([first.message], reason=WHY, actor=OWNER)
    house.clock.advance(first.due - local_date(house.clock()) + timedelta(days=3))
    run = house.retention.run(actor=OWNER)
    assert (first.message, RESTRICTED) in {(one.due.key, one.why) for one in run.staying}
    assert house.archive.still_here([first.message]) == 1
    assert verdict(sandbox, "archive-within-period").finding is Finding.KEPT
    house.archive.restrictions.lift([first.message], reason="told", actor=OWNER)
    house.retention.run(actor=OWNER)
    assert house.archive.still_here([first.message]) == 0


@pytest.mark.parametrize(
    ("ground", "finding"),
    [
        ("storage limitation, Article 5(1)(e)", Finding.BROKEN),
        ("Article 17(1)", Finding.KEPT),
        ("Article 18(2): she agreed by letter", Finding.KEPT),
    ],
)
def test_who_erases_it_says_that_the_person_wanted_that(sandbox: DemonstrationSandbox, ground: str, finding: Finding):
    house = sandbox.place.open()
    _, [kept, _] = restricted_and_due(house)
    house.vault.erase([kept], ground=ground, actor=OWNER)
    assert verdict(sandbox, "restriction-honoured").finding is finding


def test_a_person_erased_as_a_whole_takes_what_was_restricted_along(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    subject, _ = restricted_and_due(house)
    house.vault.erase_subject(subject, ground="Article 5(1)(e)", actor=OWNER)
    assert verdict(sandbox, "restriction-honoured").figures["deviations"] == 1
