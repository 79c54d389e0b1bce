"""Requests from receipt to proof: nobody is lost, nothing is told too early, what stays is explained, what ends leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.controls.rights import requests_taken
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import SYSTEM, ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.register.model import DossierKind, Involved
from gestand.rights.answer import digest_of
from gestand.rights.model import Channel, Closing, Decision, IdentityLevel, Right, State, SubjectRequest
from gestand.statement.policy import FieldKind, Text
from gestand.system import System

OWNER = ActorId("owner")
STRANGER = "nadia@example.org"
ANNA, BRAM, CHAIMA, DAAN, EVA = CAST[:5]


def ask(house: System, right: Right, contact: str, *, confirm: bool = True) -> SubjectRequest:
    asked = house.requests.receive(right, contact=contact, channel=Channel.EMAIL, actor=OWNER)
    return house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER) if confirm else asked


def shared(house: System, phone: str = "0485-349999") -> tuple[SubjectId, SubjectId]:
    """Two people in one house with one telephone."""
    first, second = (
        house.intake.admit(
            None,
            {FieldPath("contact.name"): name, FieldPath("contact.phone"): phone},
            PurposeId("service"), source="counter", actor=OWNER,
        )
        for name in ("Hugo Bos", "Ilse Bos")
    )  # fmt: skip
    return first, second


# Receipt


def test_a_stranger_is_received_filed_and_told_that_nothing_is_held(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, STRANGER)
    assert not asked.known
    [filed] = house.vault.holdings(asked.subject)
    assert (filed.shelf, filed.due) == ("request-file", None)
    answer = house.requests.answer(asked.id, actor=OWNER)
    assert answer.nothing_held
    assert [datum.value for datum in answer.data] == [STRANGER]
    assert house.requests.one(asked.id).outcome == "nothing-held"


def test_the_file_of_a_stranger_is_dated_when_the_request_closes_and_leaves_with_its_row(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, STRANGER)
    house.requests.answer(asked.id, actor=OWNER)
    today = local_date(place.clock())
    [filed] = house.vault.holdings(asked.subject)
    assert filed.trigger_on == today
    assert filed.due == date(today.year + 5, today.month, today.day + 1)
    place.clock.move_to(datetime.combine(filed.due, place.clock().timetz()) - timedelta(days=1))
    house.retention.run(actor=OWNER)
    assert house.vault.exists(asked.subject)
    assert house.requests.one(asked.id)
    place.clock.advance(timedelta(days=1))
    house.retention.run(actor=OWNER)
    assert not house.vault.exists(asked.subject)
    with pytest.raises(UsageError) as gone:
        house.requests.one(asked.id)
    assert gone.value.code == "request-unknown"
    assert house.requests.decisions(asked.id) == []


def test_a_stranger_who_asks_again_is_still_a_stranger_and_the_file_waits_for_the_last_answer(place: Place):
    house = place.open()
    first = ask(house, Right.ACCESS, STRANGER)
    house.requests.answer(first.id, actor=OWNER)
    second, third = ask(house, Right.ACCESS, STRANGER), ask(house, Right.ERASURE, STRANGER.upper())
    assert second.subject == third.subject == first.subject
    assert not second.known
    assert [h.due for h in house.vault.holdings(first.subject)] == [None]
    house.requests.answer(second.id, actor=OWNER)
    assert [h.due for h in house.vault.holdings(first.subject)] == [None]
    house.requests.reject(third.id, "AVG 12(5): herhaald", actor=OWNER)
    assert [h.due is None for h in house.vault.holdings(first.subject)] == [False]


@pytest.mark.parametrize(
    "contact",
    ["Jan Jansen, Dorpsstraat 1 te Bergen (brief)", "Nadia Haddad", "K-9999", "NL91ABNA0417164300", "10.0.0.1"],
)
def test_a_request_that_says_anything_at_all_is_taken(place: Place, contact: str):
    house = place.open()
    asked = house.requests.receive(Right.ACCESS, contact=contact, channel=Channel.POST, actor=OWNER)
    [filed] = house.vault.holdings(asked.subject)
    assert filed.shelf == "request-file"


@pytest.mark.parametrize(
    ("contact", "received", "code"),
    [
        ("  ", None, "request-contact"),
        (STRANGER, datetime(2026, 11, 1, 9), "request-moment"),  # noqa: DTZ001 - that is the fault
        (STRANGER, datetime.fromisoformat("2099-01-01T09:00:00+01:00"), "request-moment"),
    ],
)
def test_what_is_no_request_is_refused_with_a_remedy(place: Place, contact: str, received: datetime | None, code: str):
    with pytest.raises(UsageError) as refused:
        place.open().requests.receive(
            Right.ACCESS, contact=contact, channel=Channel.POST, actor=OWNER, received_at=received
        )
    assert refused.value.code == code
    assert refused.value.remedy


# Who asks


def test_one_of_several_with_one_telephone_is_never_guessed(place: Place):
    house = place.open()
    hugo, ilse = shared(house)
    asked = ask(house, Right.ACCESS, "0485 349999", confirm=False)
    assert asked.matches == 2
    assert asked.subject not in {hugo, ilse}
    with pytest.raises(RefusedError) as refused:
        house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    assert refused.value.code == "request-ambiguous"
    house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER, subject=ilse)
    answer = house.requests.answer(asked.id, actor=OWNER)
    values = {datum.value for datum in answer.data}
    assert "Ilse Bos" in values
    assert "Hugo Bos" not in values


def test_a_customer_who_writes_from_a_new_address_is_bound_by_a_person(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, "anna.nieuw@example.org", confirm=False)
    [anna] = house.vault.find(FieldKind.EMAIL, ANNA.email)
    house.requests.confirm(asked.id, IdentityLevel.IN_PERSON, actor=OWNER, subject=anna)
    values = {datum.value for datum in house.requests.answer(asked.id, actor=OWNER).data}
    assert {ANNA.name, "anna.nieuw@example.org"} <= values


def test_nothing_is_told_or_done_before_identity_is_judged(place: Place):
    house = place.open()
    access, erasure = (ask(house, right, EVA.email, confirm=False) for right in (Right.ACCESS, Right.ERASURE))
    for verb, asked in (
        (house.requests.answer, access),
        (house.requests.plan, erasure),
        (house.requests.erase, erasure),
    ):
        with pytest.raises(RefusedError) as refused:
            verb(asked.id, actor=OWNER)
        assert refused.value.code == "identity-not-judged"


# Its clock


def test_an_extension_comes_once_in_the_first_month_and_keeps_identity(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, EVA.email)
    extended = house.requests.extend(asked.id, "veel gegevens", actor=OWNER)
    assert extended.identity is IdentityLevel.CONTACT_POINT
    assert extended.conservative > asked.conservative + timedelta(days=50)
    with pytest.raises(RefusedError):
        house.requests.extend(asked.id, "nog meer", actor=OWNER)
    late = ask(house, Right.ACCESS, ANNA.email)
    place.clock.move_to(late.conservative + timedelta(seconds=1))
    with pytest.raises(RefusedError) as refused:
        house.requests.extend(late.id, "te laat", actor=OWNER)
    assert refused.value.code == "request-extension"


def test_only_a_person_rejects_and_the_ledger_does_not_hold_the_words(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, EVA.email)
    with pytest.raises(RefusedError):
        house.requests.reject(asked.id, "AVG 12(5)", actor=SYSTEM)
    with pytest.raises(RefusedError):
        house.requests.reject(asked.id, "  ", actor=OWNER)
    rejected = house.requests.reject(asked.id, "AVG 12(5), Eva Ölçer vroeg het gisteren ook", actor=OWNER)
    assert rejected.state is State.REJECTED
    assert "Eva" in house.requests.one(asked.id).ground
    assert not any("Eva" in str(entry.event.facts) for entry in house.ledger.entries())


# Access


def test_a_datum_that_is_restricted_is_told_and_says_so(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, EVA.email)
    answer = house.requests.answer(asked.id, actor=OWNER)
    assert [d.value for d in answer.data if d.restricted] == [EVA.wishes]


def test_choices_dossiers_and_other_requests_are_told_too(place: Place):
    house = place.open()
    [chaima] = house.vault.find(FieldKind.EMAIL, CHAIMA.email)
    house.register.open_dossier(
        DossierKind.JOB, PurposeId("service"), [Involved(chaima, "customer")], number="J2026-07", actor=OWNER
    )
    ask(house, Right.RECTIFICATION, CHAIMA.email)
    answer = house.requests.answer(ask(house, Right.ACCESS, CHAIMA.email).id, actor=OWNER)
    said = {(record.title.en, record.said.en) for record in answer.records}
    assert ("your consent", "Newsletter") in said
    assert any(title == "job" and "J2026-07" in what for title, what in said)
    assert any(title == "other request" and what.startswith("rectification") for title, what in said)


def test_an_answer_that_cannot_be_handed_over_leaves_the_request_open(place: Place):
    house = place.open()
    asked = ask(house, Right.ACCESS, EVA.email)

    def full_disk(_answer: object) -> None:
        raise UsageError("answer-folder", "no room")

    with pytest.raises(UsageError):
        house.requests.answer(asked.id, actor=OWNER, deliver=full_disk)
    assert house.requests.one(asked.id).open
    assert house.requests.answer(asked.id, actor=OWNER).data


def test_the_digest_in_the_ledger_is_of_the_whole_answer_and_changes_with_any_of_it(place: Place):
    house = place.open()
    answer = house.requests.answer(ask(house, Right.ACCESS, EVA.email).id, actor=OWNER)
    recorded = [e.event.facts["digest"] for e in house.ledger.entries() if e.event.name == "request.answered"]
    assert recorded[-1] == answer.digest == digest_of(answer)
    assert len(answer.salt) == 32
    assert answer.salt not in str([entry.event.facts for entry in house.ledger.entries()])
    first = answer.data[0]
    for other in (
        replace(first, value="x"), replace(first, recipients=(Text(nl="x", en="x"),)), replace(first, erase_on=None),
        replace(first, source=Text(nl="x", en="x")), replace(first, restricted=not first.restricted),
    ):  # fmt: skip
        assert digest_of(replace(answer, data=(other, *answer.data[1:]))) != answer.digest
    assert digest_of(replace(answer, salt="00" * 16)) != answer.digest


def test_an_access_request_survives_the_erasure_of_its_subject(place: Place):
    house = place.open()
    access, erasure = ask(house, Right.ACCESS, CHAIMA.email), ask(house, Right.ERASURE, CHAIMA.email)
    house.requests.plan(erasure.id, actor=OWNER)
    assert house.requests.erase(erasure.id, actor=OWNER).absence_proven
    assert not house.vault.exists(access.subject)
    answer = house.requests.answer(access.id, actor=OWNER)
    assert answer.data == ()
    assert answer.nothing_held
    assert house.requests.one(access.id).outcome == "nothing-held"


def test_who_got_data_is_told_also_after_they_were_erased(place: Place):
    house = place.open()
    access, erasure = ask(house, Right.ACCESS, DAAN.email), ask(house, Right.ERASURE, DAAN.email)
    house.requests.plan(erasure.id, actor=OWNER)
    house.requests.erase(erasure.id, actor=OWNER)
    answer = house.requests.answer(access.id, actor=OWNER)
    assert answer.data == ()
    assert [one.recipient.nl for one in answer.shared] == ["onze boekhouder (Boekhoudkantoor Voorbeeld)"]
    assert house.requests.one(access.id).outcome == "answered"


# Erasure


def test_an_access_request_never_erases_and_an_erasure_request_never_tells(place: Place):
    house = place.open()
    access, erasure = ask(house, Right.ACCESS, EVA.email), ask(house, Right.ERASURE, EVA.email)
    for verb, asked in (
        (house.requests.plan, access),
        (house.requests.erase, access),
        (house.requests.answer, erasure),
    ):
        with pytest.raises(UsageError) as refused:
            verb(asked.id, actor=OWNER)
        assert refused.value.code == "request-right"


def test_nothing_is_erased_that_was_not_planned_and_what_came_after_the_plan_stops_it(place: Place):
    house = place.open()
    asked = ask(house, Right.ERASURE, EVA.email)
    with pytest.raises(RefusedError) as unplanned:
        house.requests.erase(asked.id, actor=OWNER)
    assert unplanned.value.code == "request-unplanned"
    house.requests.plan(asked.id, actor=OWNER)
    house.intake.admit(
        asked.subject, {FieldPath("service.request"): "Printer"}, PurposeId("service"), source="counter", actor=OWNER
    )
    with pytest.raises(RefusedError) as changed:
        house.requests.erase(asked.id, actor=OWNER)
    assert changed.value.code == "request-changed"
    house.requests.plan(asked.id, actor=OWNER)
    assert house.requests.erase(asked.id, actor=OWNER).absence_proven


def test_a_stranger_who_asks_erasure_keeps_only_the_file_of_the_request_and_hears_why(place: Place):
    house = place.open()
    asked = ask(house, Right.ERASURE, STRANGER)
    [kept] = house.requests.plan(asked.id, actor=OWNER).decisions
    assert kept.decision is Decision.KEEP
    outcome = house.requests.erase(asked.id, actor=OWNER)
    assert (outcome.erased, outcome.kept) == (0, 1)
    assert house.requests.one(asked.id).outcome == "nothing-held"
    [filed] = house.vault.holdings(asked.subject)
    assert filed.due is not None


def test_a_hold_that_came_after_the_plan_stops_the_erasure(place: Place):
    house = place.open()
    asked = ask(house, Right.ERASURE, EVA.email)
    house.requests.plan(asked.id, actor=OWNER)
    [first, *_] = house.vault.holdings(asked.subject)
    house.vault.place_hold([first.item], reason="geschil", until=None, actor=OWNER)
    with pytest.raises(RefusedError):
        house.requests.erase(asked.id, actor=OWNER)
    assert house.vault.item(first.item) is not None


def test_more_data_than_one_entry_of_the_ledger_can_name_are_erased_all_the_same(place: Place):
    house = place.open()
    asked = ask(house, Right.ERASURE, EVA.email)
    notes = {f"note {n}" for n in range(520)}
    for note in sorted(notes):
        house.intake.admit(
            asked.subject, {FieldPath("service.notes"): note}, PurposeId("service"), source="counter", actor=OWNER
        )
    house.requests.plan(asked.id, actor=OWNER)
    outcome = house.requests.erase(asked.id, actor=OWNER)
    assert outcome.erased >= 520
    assert outcome.absence_proven
    assert not house.vault.exists(asked.subject)


def test_who_received_what_left_by_the_log_is_named_to_be_told_and_nobody_else(place: Place):
    house = place.open()
    [eva] = house.vault.find(FieldKind.EMAIL, EVA.email)
    fields = [FieldPath("contact.name"), FieldPath("contact.town")]
    house.sharing.disclose(
        RecipientId("bookkeeper"), [eva], fields, PurposeId("administration"), "AWR 52", actor=OWNER
    )  # fmt: skip
    for person, told in ((EVA, ["bookkeeper"]), (BRAM, [])):
        asked = ask(house, Right.ERASURE, person.email)
        house.requests.plan(asked.id, actor=OWNER)
        outcome = house.requests.erase(asked.id, actor=OWNER)
        assert ["bookkeeper" for text in outcome.to_tell if "bookkeeper" in text.en] == told
        assert len(outcome.to_tell) == len(told)


# Rights that are carried out on the data


def test_a_request_to_rectify_closes_only_when_something_was_rectified(place: Place):
    house = place.open()
    asked = ask(house, Right.RECTIFICATION, EVA.email)
    with pytest.raises(RefusedError) as refused:
        house.requests.close(asked.id, Closing.CARRIED_OUT, actor=OWNER)
    assert refused.value.code == "request-not-carried-out"
    phone = next(h.item for h in house.vault.holdings(asked.subject) if h.field == "contact.phone")
    house.vault.rectify(phone, "0485-341111", actor=OWNER, reason="own word")
    with pytest.raises(RefusedError):
        house.requests.close(asked.id, Closing.NOTHING_HELD, actor=OWNER)
    assert house.requests.close(asked.id, Closing.CARRIED_OUT, actor=OWNER).outcome == "carried-out"


def test_whoever_takes_a_request_back_needs_no_identity_and_a_program_never_does_it(place: Place):
    house = place.open()
    asked = ask(house, Right.ERASURE, EVA.email, confirm=False)
    with pytest.raises(RefusedError):
        house.requests.close(asked.id, Closing.WITHDRAWN, actor=SYSTEM)
    assert house.requests.close(asked.id, Closing.WITHDRAWN, actor=OWNER).outcome == "withdrawn"
    with pytest.raises(RefusedError) as closed:
        house.requests.close(asked.id, Closing.WITHDRAWN, actor=OWNER)
    assert closed.value.code == "request-closed"


# The list of requests is a custodian


def test_an_open_request_is_never_due_and_an_expired_one_is_not_lost(place: Place):
    house = place.open()
    for request in house.requests.all():
        if request.open:
            house.requests.close(request.id, Closing.WITHDRAWN, actor=OWNER)
    still = ask(house, Right.ACCESS, "still@example.org", confirm=False)
    place.clock.advance(timedelta(days=6 * 366))
    house.retention.run(actor=OWNER)
    assert [request.id for request in house.requests.all()] == [still.id]
    assert requests_taken(world_of(house)).finding == "kept"
    house.engine.execute("DELETE FROM request")
    assert requests_taken(world_of(house)).finding == "broken"
