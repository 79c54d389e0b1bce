"""A breach from report to register: listed at once, contained, counted, judged anew, told in time, closed, gone in time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from breach_house import BRAM, BreachHouse, open_breach_house
from gestand.breach.affected import Reach, TouchedMessage
from gestand.breach.containing import Pull
from gestand.breach.model import Lever, Part, Reporter
from gestand.breach.notices import Audience, Delivered, Queued
from gestand.breach.ports import Ports
from gestand.breach.registering import as_xlsx
from gestand.breach.telling import Told
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.statement.policy import Text
from intake_house import OWNER

SERVICE = PurposeId("service")
STOLEN = {
    "incident": "theft_device",
    "encrypted_at_rest": "no",
    "special_categories": False,
    "national_id": True,
    "cause": "external_malicious",
}
READ = "Iemand las mee"


@pytest.fixture
def house(tmp_path) -> Iterator[BreachHouse]:
    with open_breach_house(tmp_path / "org") as opened:
        yield opened


@pytest.fixture
def anna(house: BreachHouse) -> SubjectId:
    return house.house.admit(
        contact__name="Anna de Vries", contact__email="anna@example.nl", contact__street="Lindelaan 14",
        contact__postcode="1234 AB", contact__town="Zandstad",
    )  # fmt: skip


@pytest.fixture
def bram(house: BreachHouse) -> SubjectId:
    return house.house.admit(contact__name="Bram Jansen", contact__phone="0485-340102")


def due(house: BreachHouse, breach: str) -> dict[Audience, object]:
    return {one.audience: one for one in house.breaches.due(house.breaches.case(breach)) if one.owed}


def events(house: BreachHouse, name: str) -> list[dict]:
    return house.house.events(name)


# It is reported


@pytest.mark.on_both_engines
def test_a_report_by_anyone_is_listed_at_once_and_its_words_are_sealed(house: BreachHouse):
    breach = house.breaches.report(
        READ, reporter=Reporter.OUTSIDER, contact="nadia@example.org", actor=ActorId("public-form")
    )
    [case] = house.breaches.all()
    assert (case.breach, case.assessed) == (breach, None)
    [page] = house.breaches.read(breach.id, actor=OWNER)
    assert page.text == f"{READ}\nnadia@example.org"
    rows = [str(row) for row in house.house.engine.execute("SELECT * FROM breach_page")]
    assert READ not in "".join(rows)
    assert "nadia" not in json.dumps([dict(e.event.facts) for e in house.house.ledger.entries()], default=str)
    [notice] = house.breaches.due(case)
    assert (notice.owed, notice.since, notice.due) == (
        True,
        breach.reported_at,
        breach.reported_at + timedelta(hours=72),
    )


def test_the_clock_runs_from_awareness_once_that_is_stated_and_the_first_signal_stays_a_reading(house: BreachHouse):
    breach = house.reported()
    aware = house.later(hours=10)
    house.breaches.state_aware(breach.id, aware, "het log liet het zien", actor=OWNER)
    [notice] = house.breaches.due(house.breaches.case(breach.id))
    assert notice.due == aware + timedelta(hours=72)
    assert "first signal" in notice.debate
    for wrong in (house.now + timedelta(hours=1), datetime(2026, 12, 1, 9, 0)):  # noqa: DTZ001 - without a zone, on purpose
        with pytest.raises(UsageError, match=r"zone|future"):
            house.breaches.state_aware(breach.id, wrong, "", actor=OWNER)


def test_seventy_two_hours_over_a_change_of_the_clock_take_the_earlier_reading(tmp_path):
    start = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    with open_breach_house(tmp_path / "org", start=start) as house:
        house.house.clock.move_to(datetime(2027, 3, 26, 11, 0, tzinfo=UTC))  # noon; clocks go forward on the 28th
        breach = house.reported()
        [notice] = house.breaches.due(house.breaches.case(breach.id))
        assert notice.due == datetime(2027, 3, 29, 10, 0, tzinfo=UTC)
        assert "clock changes" in notice.debate


# Who is affected


@pytest.mark.on_both_engines
def test_who_was_opened_by_whom_between_two_moments_comes_out_of_the_ledger(house: BreachHouse, anna, bram):
    vault = house.house.vault
    vault.open(bram, SERVICE, actor=BRAM, reason="before")
    first = house.later(minutes=5)
    vault.open(anna, SERVICE, actor=BRAM, reason="within")
    vault.open(bram, SERVICE, actor=OWNER, reason="someone else")
    last = house.later(minutes=5)
    vault.open(bram, SERVICE, actor=BRAM, reason=house.later(minutes=1).isoformat())
    breach = house.reported()
    found = house.breaches.count_people(breach.id, Reach(opened_by=BRAM, first=first, last=last), actor=OWNER)
    assert [one.subject for one in house.breaches.listed(breach.id, actor=OWNER)] == [anna]
    assert (found.people, found.records, found.estimated) == (1, 5, False)
    assert dict(found.fields)["contact.email"] == 1


def test_many_opened_at_once_are_an_upper_bound_and_the_erased_are_counted_without_a_name(house, anna, bram):
    house.house.vault.open(bram, SERVICE, actor=BRAM, reason="seen")
    house.house.vault.erase_subject(bram, ground="test", actor=OWNER)
    list(
        house.house.vault.open_many(
            [anna, house.house.admit(contact__name="Eva Ölçer")], SERVICE, actor=BRAM, reason="x"
        )
    )
    breach = house.reported()
    found = house.breaches.count_people(breach.id, Reach(opened_by=BRAM), actor=OWNER)
    assert (found.people, found.unlisted, found.estimated) == (2, 1, True)


@pytest.mark.on_both_engines
def test_what_lay_on_a_lost_disk_is_what_came_from_there_by_then(house: BreachHouse, anna, bram):
    then = house.later(minutes=1)
    house.later(days=1)
    later = house.house.admit(contact__name="Chaima El Idrissi")
    breach = house.reported()
    count = house.breaches.count_people
    assert count(breach.id, Reach(sources=("test",), last=then), actor=OWNER).people == 2
    assert count(breach.id, Reach(shelves=("customer",)), actor=OWNER, replace=True).people == 3
    for slip in (Reach(shelves=("nothing",)), Reach(sources=("tset",)), Reach(dossiers=("dos_x",))):
        with pytest.raises(UsageError) as refused:  # or it would say that nobody is affected
            count(breach.id, slip, actor=OWNER, replace=True)
        assert refused.value.code == "breach-reach"
    assert house.breaches.case(breach.id).affected.people == 3
    assert count(breach.id, Reach(subjects=(later,)), actor=OWNER, replace=True).people == 1
    joined = count(breach.id, Reach(subjects=(anna,), others=4), actor=OWNER)
    assert (joined.people, joined.unlisted, joined.all_people) == (2, 4, 6)
    everything = count(breach.id, Reach(everything=True), actor=OWNER, replace=True)
    assert everything.people == 3  # its own file is not among them
    assert house.breaches.case(breach.id).listed == 3
    assert bram not in str(house.house.engine.execute("SELECT * FROM breach_person"))


def test_the_archive_says_whose_messages_lay_in_a_mailbox(tmp_path):
    class Archive:
        def touched(self, reach, *, purpose, actor, reason):
            assert (reach.mailbox, reach.last) == ("info@example.nl", None)
            assert reach.first is not None
            assert (purpose, actor, reason[:7]) == ("breach-notices", OWNER, "breach ")
            hers = [TouchedMessage(f"msg_{n}", (self.subject,), (), certain=True) for n in range(3)]
            strange = [TouchedMessage(f"msg_{n}", (), ("wie@example.org",), certain=True) for n in (3, 4)]
            return iter(hers + strange)

    archive = Archive()
    with open_breach_house(tmp_path / "org", Ports(messages=archive)) as house:
        archive.subject = house.house.admit(contact__name="Anna de Vries")
        breach = house.reported()
        found = house.breaches.count_people(breach.id, Reach(mailbox="info@example.nl", first=house.now), actor=OWNER)
        assert (found.people, found.unlisted, found.records) == (1, 1, 5)
        assert dict(found.fields) == {"correspondence.message": 5}


# It is judged, again and again


def test_it_is_judged_anew_when_facts_arrive_and_an_unknown_one_counts_as_a_risk(house: BreachHouse, anna):
    breach = house.reported()
    first = house.breaches.assess(breach.id, actor=OWNER)
    assert (first.risk, first.authority) == ("high", True)
    assert first.carried_on > 0
    house.breaches.count_people(breach.id, Reach(subjects=(anna,)), actor=OWNER)
    facts = {
        "incident": "lost_device",
        "encrypted_at_rest": "state_of_the_art",
        "key_safe": True,
        "backup": "available",
    }
    calm = house.breaches.state_facts(breach.id, facts, actor=OWNER)
    assert (calm.risk, calm.to_confirm) == ("unlikely", 1)
    assert Audience.AUTHORITY in due(house, breach.id)  # until someone confirms it
    house.breaches.confirm(breach.id, "sleutel nagekeken", actor=BRAM)
    assert due(house, breach.id) == {}
    worse = house.breaches.state_facts(breach.id, {"key_safe": False}, actor=OWNER)
    assert (worse.risk, worse.confirmed_at) == ("risk", None)
    assert set(due(house, breach.id)) == {Audience.AUTHORITY}
    assert [one.number for one in house.breaches.case(breach.id).assessments] == [1, 2, 3, 4]
    withdrawn = house.breaches.state_facts(breach.id, {"key_safe": None, "password": "strong"}, actor=OWNER)
    assert withdrawn.risk == "unlikely"


def test_what_was_computed_never_makes_what_was_stated_smaller(house: BreachHouse, anna):
    breach = house.reported()
    house.breaches.state_facts(breach.id, {"subjects": 500, "data": ["passport"]}, actor=OWNER)
    house.breaches.count_people(breach.id, Reach(subjects=(anna,)), actor=OWNER)
    facts = house.breaches.judgement(breach.id, actor=OWNER).facts
    assert facts["subjects"] == 500
    assert {"passport", "name", "e-mail address"} <= set(facts["data"])


# It is contained


@pytest.mark.on_both_engines
def test_evidence_is_held_until_the_breach_is_closed_and_nothing_else(house: BreachHouse, anna, bram):
    breach = house.reported()
    house.breaches.count_people(breach.id, Reach(subjects=(anna,)), actor=OWNER)
    step = house.breaches.contain(breach.id, Pull(Lever.HOLD_EVIDENCE), actor=BRAM)
    assert (step.count, step.actor, step.at) == (5, BRAM, house.now)
    [item, *_] = [h.item for h in house.house.vault.holdings(anna)]
    with pytest.raises(RefusedError):
        house.house.vault.erase([item], ground="test", actor=OWNER)
    assert house.house.vault.holds(bram) == ()
    assert house.breaches.contain(breach.id, Pull(Lever.HOLD_EVIDENCE), actor=BRAM).count == 0
    finish(house, breach.id, {"availability": "minutes"})
    assert house.house.vault.holds(anna) == ()


def finish(house: BreachHouse, breach: str, facts: dict) -> None:
    """Do all that is left for a breach that nobody need be told of."""
    house.breaches.state_aware(breach, house.breaches.case(breach).breach.reported_at, "gezien", actor=OWNER)
    house.breaches.state_facts(breach, facts, actor=OWNER)
    house.breaches.confirm(breach, "nagekeken", actor=OWNER)
    house.written(house.breaches.case(breach).breach)
    if not house.breaches.case(breach).steps:
        house.breaches.contain(breach, Pull(Lever.CLOSE_DOOR, "not-needed", note="er lekte niets"), actor=OWNER)
    house.breaches.close(breach, lessons="opletten", actor=OWNER)


def test_levers_turn_keys_shut_doors_and_ask_the_rooms_that_are_there(tmp_path):
    class Access:
        def revoke_all(self, *, person, reason, actor):
            assert (person, actor) == ("staff-bram", OWNER)
            assert reason.startswith("breach bre_")
            return 3

    with open_breach_house(tmp_path / "org", Ports(access=Access())) as house:
        breach = house.reported()
        house.house.admit(contact__name="Anna de Vries")
        epoch = house.house.vault.epochs()
        pull = house.breaches.contain
        assert pull(breach.id, Pull(Lever.ROTATE_KEYS), actor=OWNER).count > 0
        assert house.house.vault.epochs() != epoch
        assert pull(breach.id, Pull(Lever.REVOKE_ACCESS, target="staff-bram"), actor=OWNER).count == 3
        pull(breach.id, Pull(Lever.CLOSE_DOOR, target="portal"), actor=OWNER)
        assert house.breaches.shut_doors() == {"portal"}
        house.breaches.open_door(breach.id, "portal", actor=OWNER)
        assert house.breaches.shut_doors() == frozenset()
        with pytest.raises(RefusedError, match="nothing here"):
            pull(breach.id, Pull(Lever.FREEZE_SOURCE, target="webshop"), actor=OWNER)
        pull(breach.id, Pull(Lever.FREEZE_SOURCE, "by-hand", note="stekker eruit"), actor=OWNER)
        assert house.breaches.case(breach.id).left() == (Lever.HOLD_EVIDENCE,)
        assert [one["lever"] for one in events(house, "breach.contained")] == [
            "rotate-keys", "revoke-access", "close-door", "freeze-source",
        ]  # fmt: skip


# It is told


@pytest.mark.on_both_engines
def test_the_form_goes_in_phases_and_a_late_one_needs_its_reasons(house: BreachHouse):
    breach = house.reported()
    house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    first = house.breaches.form(breach.id, actor=OWNER)
    assert first.provisional
    assert {"people", "records", "consequences", "measures"} <= set(first.missing)
    house.later(hours=73)
    with pytest.raises(RefusedError, match="reasons"):
        house.breaches.submit(breach.id, reference="AP-1", actor=OWNER)
    sent = house.breaches.submit(breach.id, reference="AP-1", reasons="pas laat begrepen", actor=OWNER)
    assert sent.reasons_for_delay
    [notice] = [one for one in house.breaches.due(house.breaches.case(breach.id)) if one.audience is Audience.AUTHORITY]
    assert notice.late
    assert [one["late"] for one in events(house, "breach.submitted")] == [True]
    house.written(breach)
    house.breaches.count_people(breach.id, Reach(others=3), actor=OWNER)
    house.breaches.contain(breach.id, Pull(Lever.CLOSE_DOOR, "by-hand", note="slot vervangen"), actor=OWNER)
    second = house.breaches.submit(breach.id, reference="AP-1", actor=OWNER)
    assert (second.phase, second.missing) == ("addition", ())
    text = house.breaches.form(breach.id, actor=OWNER).text()
    assert "aanvulling" in text
    assert "AP-1" in text


def test_the_form_says_in_words_what_was_chosen_from_a_list(house: BreachHouse):
    breach = house.reported()
    house.breaches.state_facts(breach.id, {"incident": "lost_device", "encrypted_at_rest": "weak"}, actor=OWNER)
    answers = {
        one.question: one.answer for part in house.breaches.form(breach.id, actor=OWNER).sections for one in part.fields
    }
    assert answers["Aard van het incident"] == "apparaat of stick kwijt"
    assert answers["Versleuteld, gehasht of anders onbegrijpelijk gemaakt"] == "ja, maar zwak"
    assert answers["Rol"] == "verwerkingsverantwoordelijke"
    assert answers["Opmerkingen"] == "dit is de eerste melding"
    house.breaches.state_facts(breach.id, {"incident": "iets heel anders"}, actor=OWNER)
    text = house.breaches.form(breach.id, actor=OWNER).text()
    assert "Aard van het incident: iets heel anders" in text


@pytest.mark.on_both_engines
def test_everyone_listed_gets_a_letter_once_with_their_own_data_and_what_they_can_do(house: BreachHouse, anna, bram):
    breach = house.reported()
    house.breaches.count_people(breach.id, Reach(subjects=(anna, bram)), actor=OWNER)
    house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    with pytest.raises(RefusedError, match="Wat is er gebeurd"):
        list(house.breaches.letters(breach.id, actor=OWNER))
    house.written(breach)
    letters = {one.subject: one for one in house.breaches.letters(breach.id, actor=OWNER)}
    assert letters[anna].address == ("Anna de Vries", "Lindelaan 14", "1234 AB  Zandstad")
    assert letters[anna].email == "anna@example.nl"
    assert letters[bram].address == ()
    assert "e-mailadres" in letters[anna].body
    assert "e-mailadres" not in letters[bram].body
    assert "Klik niet op een link" in letters[bram].body
    english = next(iter(house.breaches.letters(breach.id, actor=OWNER, language="en")))
    assert "What can you do yourself?" in english.body
    house.breaches.told(breach.id, Told("telephone", subjects=(bram,)), actor=OWNER)
    assert [one.subject for one in house.breaches.letters(breach.id, actor=OWNER)] == [anna]
    [notice] = [one for one in house.breaches.due(house.breaches.case(breach.id)) if one.audience is Audience.PEOPLE]
    assert notice.done_at is None
    house.later(hours=1)
    house.breaches.told(breach.id, Told("post"), actor=OWNER)
    [notice] = [one for one in house.breaches.due(house.breaches.case(breach.id)) if one.audience is Audience.PEOPLE]
    assert (notice.done_at, notice.late) == (house.now, False)
    assert [(b, how) for b, _, how in house.breaches.listed_for(anna)] == [(breach.id, "post")]
    with pytest.raises(UsageError, match="nobody is left"):
        house.breaches.told(breach.id, Told("post"), actor=OWNER)


def test_people_of_whom_nothing_is_held_must_be_told_too(house: BreachHouse, anna):
    breach = house.reported()
    house.breaches.count_people(breach.id, Reach(subjects=(anna,), others=2), actor=OWNER)
    house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    house.written(breach)
    house.breaches.told(breach.id, Told("post"), actor=OWNER)
    assert due(house, breach.id)[Audience.PEOPLE].done_at is None
    house.breaches.told(breach.id, Told("telephone", others=2), actor=OWNER)
    assert due(house, breach.id)[Audience.PEOPLE].done_at is not None


def test_more_than_a_day_after_the_high_risk_was_seen_is_late_also_when_it_is_judged_again(house: BreachHouse, anna):
    breach = house.reported()
    house.breaches.count_people(breach.id, Reach(subjects=(anna,)), actor=OWNER)
    seen = house.later(hours=1)
    house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    house.later(hours=23)
    house.breaches.state_facts(breach.id, {"subjects": 3}, actor=OWNER)
    notice = due(house, breach.id)[Audience.PEOPLE]
    assert (notice.due, notice.late) == (seen + timedelta(hours=24), False)
    house.later(hours=2)
    assert due(house, breach.id)[Audience.PEOPLE].late


def test_mail_goes_once_to_each_and_those_without_an_address_are_left_for_a_letter(tmp_path):
    class Post:
        mails = True

        def __init__(self):
            self.sent = {}

        def mail(self, letter, *, reference, shelf):
            if len(self.sent) == 1 and self.breaks:
                raise ConnectionError("the disk went away")
            assert shelf == "breach-file"
            self.sent[f"{reference}/{letter.email}"] = Delivered.WAITING
            return f"{reference}/{letter.email}"

        def delivered(self, message):
            return self.sent[message], None

        def came_back(self, reference):
            return frozenset()

    post = Post()
    with open_breach_house(tmp_path / "org", Ports(sends=post)) as house:
        people = [
            house.house.admit(contact__name=n, contact__email=f"{n.split()[0].lower()}@example.nl")
            for n in ("Anna Vos", "Daan Vos")
        ]
        people.append(house.house.admit(contact__name="Bram Vos", contact__phone="0485-340102"))
        breach = house.reported()
        house.breaches.count_people(breach.id, Reach(subjects=tuple(people)), actor=OWNER)
        house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
        house.written(breach)
        post.breaks = True
        with pytest.raises(ConnectionError):
            house.breaches.send(breach.id, actor=OWNER)
        [first] = post.sent
        post.breaks = False
        assert house.breaches.send(breach.id, actor=OWNER) == Queued(mails=1, letters=0, unreachable=1)
        assert len(post.sent) == 2  # the first one was not queued again
        assert house.breaches.case(breach.id).told == 0
        post.sent[first] = Delivered.YES
        assert house.breaches.settle(breach.id, actor=OWNER) == 1
        assert house.breaches.case(breach.id).told == 1
        assert [one.subject for one in house.breaches.letters(breach.id, actor=OWNER)] == [people[2]]


def test_where_people_cannot_be_reached_the_public_notice_is_what_is_owed(house: BreachHouse):
    breach = house.reported()
    facts = STOLEN | {"contact_details_available": False, "subjects": 5000}
    house.breaches.state_facts(breach.id, facts, actor=OWNER)
    house.breaches.confirm(breach.id, "geen adressen", actor=OWNER)
    assert Audience.PUBLIC in due(house, breach.id)
    house.written(breach)
    assert house.breaches.published() == ()
    house.breaches.publish(breach.id, actor=OWNER)
    [shown] = house.breaches.published()
    assert "Wij kunnen niet iedereen bereiken" in shown.body.nl
    assert due(house, breach.id)[Audience.PUBLIC].done_at == house.now
    house.breaches.withdraw(breach.id, actor=OWNER)
    assert house.breaches.published() == ()


def test_a_processor_tells_its_controller_and_not_the_authority(house: BreachHouse):
    breach = house.reported()
    house.breaches.state_facts(breach.id, {"role": "processor"}, actor=OWNER)
    assert set(due(house, breach.id)) == {Audience.CONTROLLER}
    text = house.breaches.for_controller(breach.id, actor=OWNER)
    assert "in uw opdracht" in text
    assert "u hoort het zodra wij het weten" in text
    house.breaches.told_controller(breach.id, Told("email"), actor=OWNER)
    assert due(house, breach.id)[Audience.CONTROLLER].done_at == house.now


# It is over


def test_it_closes_only_when_nothing_is_left_and_opens_again_with_a_new_fact(house: BreachHouse):
    breach = house.reported()
    with pytest.raises(RefusedError) as refused:
        house.breaches.close(breach.id, lessons="", actor=OWNER)
    assert "contain it" in refused.value.message
    finish(house, breach.id, {"availability": "minutes"})
    assert {h.due for h in house.house.vault.holdings(breach.file)} == {date(2031, 12, 2)}
    with pytest.raises(RefusedError, match="closed"):
        house.breaches.assess(breach.id, actor=OWNER)
    house.breaches.state_facts(breach.id, {"exfiltration": "confirmed"}, actor=OWNER)
    assert house.breaches.case(breach.id).breach.open
    assert {h.due for h in house.house.vault.holdings(breach.file)} == {None}


@pytest.mark.on_both_engines
def test_a_closed_one_leaves_with_its_file_when_its_shelf_says_and_not_before(house: BreachHouse):
    breach, still = house.reported(), house.reported()
    finish(house, breach.id, {"availability": "minutes"})
    end = date(2031, 12, 2)
    assert list(house.custodian.due(end - timedelta(days=1))) == []
    [leaving] = house.custodian.due(end)
    assert (leaving.key, leaving.shelf) == (breach.id, "breach-file")
    assert house.custodian.erase([breach.id], ground="Article 5(1)(e)", actor=OWNER) == 0
    assert [case.breach.id for case in house.breaches.all()] == [still.id]
    for table in ("breach_page", "breach_step", "breach_assessment"):
        [(left,)] = house.house.engine.execute(f"SELECT count(*) FROM {table} WHERE breach = ?", (breach.id,))  # noqa: S608
        assert left == 0
    assert [one["breach"] for one in events(house, "breach.expired")] == [breach.id]


def test_the_register_holds_what_was_not_notified_and_no_rehearsal_and_no_formula(house: BreachHouse):
    quiet = house.reported("=cmd|' /C calc'!A0")
    finish(house, quiet.id, {"availability": "minutes"})
    house.reported("oefening", rehearsal=True)
    [line] = house.breaches.register(actor=OWNER)
    assert (line.entry["id"], line.lacks) == (quiet.id, ())
    assert line.entry["authority"].startswith("nee: ")
    assert "bevestigd: nagekeken" in line.entry["authority"]
    assert (line.entry["role"], line.entry["people_told"][:4]) == ("verwerkingsverantwoordelijke", "nee:")
    assert line.entry["assessment"].startswith("een risico is niet waarschijnlijk")
    assert line.entry["first_signal"].endswith(", medewerker")
    from io import BytesIO

    from openpyxl import load_workbook

    cells = [cell for row in load_workbook(BytesIO(as_xlsx([line]))).active.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_a_rehearsal_moves_no_lever_and_publishes_nothing(house: BreachHouse, anna):
    breach = house.reported("oefening", rehearsal=True)
    house.breaches.count_people(breach.id, Reach(subjects=(anna,)), actor=OWNER)
    for pull in (
        Pull(Lever.HOLD_EVIDENCE),
        Pull(Lever.CLOSE_DOOR, target="portal"),
        Pull(Lever.FREEZE_SOURCE, target="x"),
    ):
        assert house.breaches.contain(breach.id, pull, actor=OWNER).count == 0
    assert house.house.vault.holds(anna) == ()
    assert house.breaches.shut_doors() == frozenset()
    house.written(breach)
    house.breaches.publish(breach.id, actor=OWNER)
    assert house.breaches.published() == ()
    assert "OEFENING" in house.breaches.form(breach.id, actor=OWNER).text()
    house.later(minutes=30)
    house.breaches.close(breach.id, lessons="vlot", actor=OWNER)
    assert house.breaches.rehearsed(breach.id).closed == 30
    assert [one["minutes"] for one in events(house, "breach.rehearsed")] == [30]


def test_what_a_person_writes_has_both_languages_and_only_three_parts(house: BreachHouse):
    with pytest.raises(UsageError, match="not written by hand"):
        house.breaches.write(house.reported().id, Part.ASSESSMENT, Text(nl="x", en="x"), actor=OWNER)
    with pytest.raises(UsageError, match="longer than"):
        house.reported("x" * 30_000)
    with pytest.raises(UsageError, match="no subject"):
        house.breaches.count_people(
            house.reported().id, Reach(subjects=(SubjectId("sub_aaaaaaaaaaaaaaaa"),)), actor=OWNER
        )


def test_stating_nothing_is_refused(house: BreachHouse):
    breach = house.reported()
    with pytest.raises(UsageError) as refused:
        house.breaches.state_facts(breach.id, {}, actor=OWNER)
    assert refused.value.code == "breach-no-fact"
