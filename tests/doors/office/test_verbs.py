"""Dangerous acts of the office ask a second look at exactly what is done; purposes hold on the server, whoever asks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from doors.office.desk import approve
from gestand.doors.office.pages import card, correcting, evidence, people, requests, retention, statement, today
from gestand.doors.office.visit import Visit
from gestand.kernel.errors import InputError, RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.rights import identity
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.staff.model import Act
from gestand.statement.policy import FieldKind
from staff_house import keeper

OWNER = ActorId("owner")


def draft_of(visit: Visit) -> str:
    text = (visit.house.config.folder / "policy.toml").read_text("utf-8")
    assert 'version = "2026-12-01"' in text
    return text.replace('version = "2026-12-01"', 'version = "2026-12-07"', 1)


def test_a_version_is_published_only_with_a_second_look_at_exactly_its_words(visit):
    filled = replace(visit, form={"file": "policy.toml", "content": draft_of(visit)})
    assert statement.save(filled).location == "/office/nl/statement/draft?file=policy.toml"
    with pytest.raises(RefusedError) as missing:
        statement.publish(visit)
    assert missing.value.code == "approval-missing"
    statement.ask(visit)
    read = statement._sound(visit)
    approve(visit, Act.PUBLISH, read.digest)
    changed = replace(visit, form={"file": "policy.toml", "content": filled.form["content"] + "\n# another word\n"})
    statement.save(changed)
    with pytest.raises(RefusedError):
        statement.publish(visit)  # these words were not looked at
    statement.save(filled)
    statement.publish(visit)
    assert visit.house.publication.history()[-1].version == "2026-12-07"
    with pytest.raises(RefusedError):
        visit.house.staff.approvals.use(Act.PUBLISH, read.digest, actor=visit.actor, now=visit.now)


@pytest.mark.parametrize("name", ["../gestand.toml", "gestand.toml", "keys/root.key", "statement.xx.md", ""])
def test_no_other_file_than_those_of_the_statement_is_written(visit, name):
    before = {p: p.read_bytes() for p in visit.house.config.folder.glob("*") if p.is_file()}
    with pytest.raises(UsageError):
        statement.save(replace(visit, form={"file": name, "content": "x"}))
    assert {p: p.read_bytes() for p in visit.house.config.folder.glob("*") if p.is_file()} == before


def test_a_draft_with_a_fault_is_told_and_never_published(visit):
    broken = replace(visit, form={"file": "policy.toml", "content": "format = 2\n"})
    assert b"told bad" in statement.live(broken).body
    statement.save(broken)
    with pytest.raises(InputError):
        statement.publish(visit)
    with pytest.raises(InputError):
        statement.ask(visit)


def test_a_hold_is_lifted_only_after_a_second_look(visit):
    house = visit.house
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    there = replace(visit, params={"subject": anna}, form={"why": "een geschil", "purpose": "service"})
    card.hold(there)
    [hold] = house.vault.holds(anna)
    lifting = replace(there, form={"hold": hold.id, "why": "voorbij"})
    assert card.lift(lifting).location == "/office/nl/staff"  # asked, not done
    assert house.vault.holds(anna) == (hold,)
    with pytest.raises(RefusedError):
        card.lift(lifting)
    approve(visit, Act.LIFT_HOLD, hold.id)
    card.lift(lifting)
    assert house.vault.holds(anna) == ()


def test_a_purpose_that_no_role_has_is_refused_wherever_it_is_asked(visit):
    [anna] = visit.house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    stranger = replace(visit, person=replace(visit.person, roles=("nobody",)))
    at = replace(stranger, params={"subject": anna})
    for act in (
        lambda: card.card(replace(at, query={"purpose": "service"})),
        lambda: card.note(replace(at, form={"purpose": "service", "f:service.notes": "x"})),
        lambda: (
            people.find(replace(stranger, form={"wanted": "zzz", "purpose": "service"}))
            and card.card(replace(at, query={"purpose": "service"}))
        ),
        lambda: people.add(replace(stranger, form={"purpose": "service", "source": "counter", "f:contact.name": "X"})),
        lambda: card.open_dossier(replace(at, form={"about": "service", "kind": "question"})),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert refused.value.code == "role-purpose"
    before = visit.house.ledger.head().size
    assert b"anna@example.nl" not in card.card(at).body
    assert visit.house.ledger.head().size == before  # nothing was opened


def test_the_card_follows_the_open_dossier_and_names_each_datums_end(visit):
    [anna] = visit.house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    at = replace(visit, params={"subject": anna})
    assert b"anna@example.nl" not in card.card(at).body
    card.open_dossier(replace(at, form={"about": "service", "kind": "question", "on": visit.today.isoformat()}))
    shown = card.card(at).body.decode()
    assert "anna@example.nl" in shown
    assert "Volgt het lopende dossier" in shown
    entry = list(visit.house.ledger.entries())[-1].event
    assert (entry.name, entry.actor, entry.facts["purpose"]) == ("data.opened", "stf_koos", "service")


def test_one_match_opens_the_card_and_a_datum_of_another_is_not_touched(visit):
    [anna] = visit.house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    [daan] = visit.house.vault.find(FieldKind.EMAIL, "daan@example.nl")
    assert people.find(replace(visit, form={"wanted": "+31 485 340101", "call": "1"})).location.endswith(
        f"{anna}?call=1"
    )
    item = visit.house.vault.holdings(daan)[0].item
    for verb in (correcting.rectify, card.restrict):
        with pytest.raises(UsageError):
            verb(
                replace(
                    visit, params={"subject": anna}, form={"item": item, "value": "x", "why": "x", "purpose": "service"}
                )
            )


def test_everything_of_somebody_is_restricted_and_lifted_at_once(visit):
    house = visit.house
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    at = replace(visit, params={"subject": anna}, form={"why": "contested", "purpose": "service"})
    before = house.ledger.head().size
    card.restrict(at)
    assert all(holding.restricted for holding in house.vault.holdings(anna))
    names = [entry.event.name for entry in house.ledger.entries(before)]
    assert "data.opened" in names  # what is known of her was looked for elsewhere
    card.restrict(replace(at, form={**at.form, "release": "1"}))
    assert not any(holding.restricted for holding in house.vault.holdings(anna))


def test_an_erasure_goes_from_plan_to_letter(visit):
    house = visit.house
    made = house.requests.receive(Right.ERASURE, contact="eva@example.org", channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(made.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
    at = replace(visit, params={"request": made.id})
    assert "Het plan naast de wet" in requests.one(at).body.decode()
    requests.plan(at)
    letter = requests.erase(at).body.decode()
    assert "gewist" in letter
    assert not house.requests.one(made.id).open
    assert b"plan naast" not in requests.one(at).body


def test_a_portable_copy_is_handed_over_with_a_code_and_who_asked_is_told(visit):
    house = visit.house
    made = house.requests.receive(Right.PORTABILITY, contact="eva@example.org", channel=Channel.EMAIL, actor=OWNER)
    house.requests.confirm(made.id, IdentityLevel.SECOND_FACT, actor=OWNER)
    at = replace(visit, params={"request": made.id})
    assert "hand-over" in requests.one(at).body.decode()
    shown = requests.handed(at).body.decode()
    code = shown.partition('<pre class="letter">')[2].partition("<")[0]
    assert house.parcels.found(code) == made.id
    assert len(list(house.post.all(reference=made.id))) == 1
    assert code not in requests.one(at).body.decode()


def test_what_the_office_decides_leaves_by_letter(visit):
    house = visit.house
    for act, form in ((requests.extend, {"why": "veel"}), (requests.reject, {"why": "AVG 12(5)"})):
        made = house.requests.receive(Right.ACCESS, contact="eva@example.org", channel=Channel.EMAIL, actor=OWNER)
        act(replace(visit, params={"request": made.id}, form=form))
        assert len(list(house.post.all(reference=made.id))) == 1


def test_what_was_given_by_hand_is_recorded_in_the_office(visit):
    house = visit.house
    made = house.requests.receive(Right.ACCESS, contact="eva@example.org", channel=Channel.EMAIL, actor=OWNER)
    at = replace(visit, params={"request": made.id})
    assert f"{made.id}/given" not in requests.one(at).body.decode()
    house.requests.extend(made.id, "druk", actor=OWNER)
    assert "dat het langer duurt" in requests.one(at).body.decode()
    form = {"what": "extension", "way": "telephone", "on": visit.today.isoformat()}
    requests.given(replace(at, form=form))
    house.requests.reject(made.id, "AVG 12(5)", actor=OWNER)
    assert "het antwoord" in requests.one(at).body.decode()
    requests.given(replace(at, form=form | {"what": "answer"}))
    told = [one.event.facts for one in house.ledger.entries() if one.event.name == "request.given"]
    assert [one["what"] for one in told if one["request"] == made.id] == ["extension", "answer"]


def test_retention_and_evidence_say_what_they_did(visit):
    assert "0 gegevens gewist" in retention.run(visit).body.decode()
    evidence.prove(visit)
    shown = evidence.evidence(visit).body.decode()
    assert "nagegaan: geen afwijking" in shown
    assert evidence.evidence(replace(visit, query={"only": "broken"})).body.count(b"<tr>") < shown.count("<tr>")
    weeks = visit.memory.openings(visit.today)
    assert sum(count for _, count in weeks) > 0
    assert visit.memory.openings(visit.today) == weeks  # only what is new is read again


def test_a_new_address_waits_for_the_code_that_went_to_the_old_one(visit, monkeypatch):
    from rights.test_casework import Refusing

    house = visit.house
    house.post._courier = Refusing  # as the settings would, with a server named
    monkeypatch.setattr(identity, "new_code", lambda _entropy: "12345678")
    [anna] = house.vault.find(FieldKind.EMAIL, "anna@example.nl")
    [email] = [one.item for one in house.vault.holdings(anna) if one.field == "contact.email"]
    form = {"purpose": "service", "item": email, "value": "anna.nieuw@example.nl", "why": "verhuisd", "sure": ""}
    there = replace(visit, params={"subject": anna}, form=form)
    shown = correcting.rectify(there).body.decode()
    assert "Er verandert nog niets" in shown
    number = re.findall(r"mov_[a-z2-7]{16}", shown)[0]
    assert house.vault.find(FieldKind.EMAIL, "anna.nieuw@example.nl") == ()
    given = {"purpose": "service", "move": number, "code": "1111 1111"}
    with pytest.raises(RefusedError) as refused:
        correcting.moved(replace(there, form=given))
    assert refused.value.code == "move-code"
    correcting.moved(replace(there, form=given | {"code": "1234 5678"}))
    assert house.vault.find(FieldKind.EMAIL, "anna.nieuw@example.nl") == (anna,)


def test_many_running_requests_come_page_by_page_and_today_shows_the_first(visit, monkeypatch):
    monkeypatch.setattr(requests, "MOST_RUNNING", 2)
    monkeypatch.setattr(requests, "MOST_DRAWN", 1)
    monkeypatch.setattr(today, "MOST_RUNNING", 1)
    house = visit.house
    for number in range(5):
        house.requests.receive(Right.ACCESS, contact=f"p{number}@example.org", channel=Channel.EMAIL, actor=OWNER)
    running = {one.id for one in house.requests.all() if one.open}
    first = requests.requests(visit).body.decode()
    met, pages, page = set(), 1, first
    while True:
        met |= set(re.findall(r'<th scope="row"><a href="/office/nl/requests/(req_\w+)"', page)) & running
        onward = re.search(r"requests\?first=(\d+)", page)
        if onward is None:
            break
        page = requests.requests(replace(visit, query={"first": onward[1]})).body.decode()
        pages += 1
    assert met == running
    assert pages == -(-len(running) // 2)
    with pytest.raises(UsageError):
        requests.requests(replace(visit, query={"first": "-1"}))
    house.staff.first_link(visit.policy)
    person = keeper(house, "Koos Koper")
    shown = today.today(replace(visit, person=person)).body.decode()
    assert f"Nog {len(running) - 1} verzoeken" in shown
    assert f"<strong>{len(running)}</strong>" in shown


def test_the_calendar_judges_no_more_than_a_page_of_what_is_due_and_says_how_much_there_is(visit, monkeypatch):
    house = visit.house
    visit.house.clock.advance(timedelta(days=3000))
    due = len(house.retention.plan().leaving) + len(house.retention.plan().moving)
    assert due > 2
    assert "aan hun dag toe" not in retention.retention(visit).body.decode()
    monkeypatch.setattr(retention, "MOST_JUDGED", 2)
    shown = retention.retention(visit).body.decode()
    assert "aan hun dag toe. Hieronder staan de 2 die het langst wachten" in shown
    assert len(house.retention.plan(at_most=2).leaving) <= 2 * len(house.retention.custodians)


def test_the_calendar_leads_to_where_a_person_decides_about_what_is_restricted(visit):
    house = visit.house
    subject = next(s for s in house.vault.subjects() if any(h.due for h in house.vault.holdings(s)))
    items = [h.item for h in house.vault.holdings(subject) if h.due]
    house.choices.restrict(items, actor=visit.actor, reason="Article 18(1)(c)")
    house.clock.advance(timedelta(days=8000))
    shown = retention.retention(visit).body.decode()
    assert f'people/{subject}">beperkt (AVG 18): blijft tot een mens beslist' in shown
    assert "Zeg het de persoon eerst (artikel 18, lid 3)" in shown
