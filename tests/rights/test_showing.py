"""Whoever may not ask gets no answer, whenever that is judged: before identity, after it, or while the answer waits to be fetched."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.doors.handing import hand_over
from gestand.evidence.model import Finding, Verdict
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.rights.circumstances import Circumstance, Shown, unshown
from gestand.rights.model import Channel, Closing, IdentityLevel, Right, SubjectRequest
from gestand.rights.portal.model import Level
from gestand.system import System

OWNER = ActorId("owner")
EVA = CAST[4]
ABOUT, FOR = Circumstance.ABOUT_OTHER, Circumstance.REPRESENTATIVE
NOTHING, SIGNED = Shown.NOTHING, Shown.AUTHORISATION
ANSWERS: dict[Right, Callable[[System, str], object]] = {
    Right.ACCESS: lambda house, request: house.requests.answer(request, actor=OWNER),
    Right.PORTABILITY: lambda house, request: house.requests.port(request, actor=OWNER),
    Right.ERASURE: lambda house, request: house.requests.plan(request, actor=OWNER),
    Right.RESTRICTION: lambda house, request: house.requests.close(request, Closing.NOTHING_HELD, actor=OWNER),
}


@pytest.fixture
def house(place: Place) -> System:
    return place.open()


def confirmed(house: System, right: Right = Right.ACCESS) -> SubjectRequest:
    request = house.requests.receive(right, contact=EVA.email, channel=Channel.EMAIL, actor=OWNER)
    return house.requests.confirm(request.id, IdentityLevel.SECOND_FACT, actor=OWNER)


def verdict(sandbox: DemonstrationSandbox) -> Verdict:
    return run_control(controls()["identity-judged-first"], sandbox.world()).verdict


@pytest.mark.parametrize(
    ("judged", "lacking"),
    [
        ([], None),
        ([(ABOUT, NOTHING)], ABOUT),
        ([(ABOUT, Shown.OWN_WORDS)], ABOUT),
        ([(FOR, NOTHING)], FOR),
        ([(FOR, SIGNED)], None),
        ([(ABOUT, NOTHING), (FOR, SIGNED)], None),
        ([(FOR, SIGNED), (ABOUT, NOTHING)], ABOUT),
        ([(Circumstance.MINOR, NOTHING), (FOR, SIGNED)], Circumstance.MINOR),
        ([(Circumstance.EXCESSIVE, NOTHING)], None),
    ],
)
def test_who_may_ask(judged: list[tuple[Circumstance, Shown]], lacking: Circumstance | None) -> None:
    assert unshown(judged) is lacking


@pytest.mark.parametrize("right", ANSWERS)
def test_who_turns_out_to_ask_for_another_after_identity_was_judged_gets_no_answer(house: System, right: Right):
    request = confirmed(house, right)
    house.requests.judge(request.id, ABOUT, NOTHING, actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        ANSWERS[right](house, request.id)
    assert refused.value.code == "representation-not-shown"
    assert house.requests.one(request.id).open
    house.requests.judge(request.id, FOR, SIGNED, actor=OWNER)
    with suppress(RefusedError):  # there is something to restrict, which is another reason
        ANSWERS[right](house, request.id)
        assert house.requests.one(request.id).state is not request.state


def test_an_erasure_that_was_planned_is_not_carried_out_for_who_may_not_ask_it(house: System):
    request = confirmed(house, Right.ERASURE)
    house.requests.plan(request.id, actor=OWNER)
    house.requests.judge(request.id, FOR, NOTHING, actor=OWNER)
    for verb in (
        lambda: house.requests.erase(request.id, actor=OWNER),
        lambda: house.requests.preview(request.id),
        lambda: house.requests.find(request.id, actor=OWNER),
    ):
        with pytest.raises(RefusedError, match="may ask it"):
            verb()
    assert house.vault.exists(request.subject)


def test_nothing_is_corrected_on_the_word_of_who_may_not_ask_it(house: System):
    request = confirmed(house, Right.RECTIFICATION)
    house.requests.judge(request.id, ABOUT, NOTHING, actor=OWNER)
    item = next(h.item for h in house.vault.holdings(request.subject) if h.field == "contact.phone")
    with pytest.raises(RefusedError, match="may ask it"):
        house.requests.rectify(item, "0612345678", actor=OWNER, reason="as asked", request=request.id)


def test_a_code_of_the_portal_fetches_nothing_more_and_shows_nothing_more(house: System):
    request = confirmed(house)
    given = house.portal.give(request.id, Level.FETCH, actor=OWNER)
    entered = house.portal.enter(given.typed)
    house.requests.judge(request.id, ABOUT, NOTHING, actor=OWNER)
    for verb in (
        lambda: house.portal.fetch(entered),
        lambda: house.portal.openings(entered),
        lambda: house.portal.give(request.id, Level.FETCH, actor=OWNER),
    ):
        with pytest.raises(RefusedError, match="may ask it"):
            verb()


def test_an_answer_that_waits_leaves_unfetched_and_one_that_may_be_fetched_stays(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    kept, stopped = confirmed(house), confirmed(house)
    codes = {one.id: hand_over(house, one.id, actor=OWNER).code for one in (kept, stopped)}
    house.requests.judge(kept.id, FOR, SIGNED, actor=OWNER)
    house.requests.judge(stopped.id, ABOUT, NOTHING, actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        house.parcels.fetch(stopped.id, codes[stopped.id])
    assert refused.value.code == "parcel"
    assert house.parcels.fetch(kept.id, codes[kept.id])
    with pytest.raises(RefusedError) as closed:
        house.requests.judge(kept.id, ABOUT, NOTHING, actor=OWNER)
    assert closed.value.code == "request-closed"
    assert verdict(sandbox).finding is Finding.KEPT  # nobody could know before


def test_an_answer_to_who_may_not_ask_it_is_found_out(sandbox: DemonstrationSandbox, monkeypatch: pytest.MonkeyPatch):
    house = sandbox.place.open()
    request = confirmed(house)
    house.requests.judge(request.id, ABOUT, NOTHING, actor=OWNER)
    with monkeypatch.context() as patch:  # as an older release answered
        patch.setattr("gestand.rights.desk.refuse_unshown", lambda _engine, _request: None)
        house.requests.answer(request.id, actor=OWNER)
    found = verdict(sandbox)
    assert found.finding is Finding.BROKEN
    assert request.id in str(found.evidence)


def test_what_was_refused_or_taken_back_or_shown_in_the_end_is_no_fault(sandbox: DemonstrationSandbox):
    house = sandbox.place.open()
    refused, shown = confirmed(house), confirmed(house)
    for one in (refused, shown):
        house.requests.judge(one.id, ABOUT, NOTHING, actor=OWNER)
    house.requests.reject(refused.id, "Article 12(6): not shown", actor=OWNER)
    house.requests.judge(shown.id, FOR, SIGNED, actor=OWNER)
    house.requests.answer(shown.id, actor=OWNER)
    assert verdict(sandbox).finding is Finding.KEPT
