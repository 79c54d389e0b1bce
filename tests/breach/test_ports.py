"""A breach in a whole organisation: people are computed from messages and other systems, and told through the outbox."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pyrage
import pytest

from archive_house import mail, way
from breach.test_breach_service import STOLEN
from gestand.breach.affected import Reach
from gestand.breach.containing import Pull
from gestand.breach.model import Breach, Lever, Part, Reporter
from gestand.breach.notices import Audience, DueNotice
from gestand.breach.telling import Told
from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.post.model import State
from gestand.sharing.model import Demand
from gestand.statement.policy import Text
from gestand.system import System
from post.test_bounces import report
from sources.shop import MAPPING, ROWS, TABLES, fill

OWNER, BRAM = ActorId("owner"), ActorId("staff-bram")
SMTP = '\n[mail.smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\nnear = true\nfrom = "info@kopercom.nl"\n'
BOX = """
[mail.mailboxes.balie]
address = "balie@kopercom.nl"
maildir = "post"
"""
SERVICE = PurposeId("service")
written = partial(mail, sender="Vera Smit <vera@example.nl>", to="balie@kopercom.nl")


def person(house: System, **fields: str) -> SubjectId:
    values = {FieldPath(name.replace("__", ".")): value for name, value in fields.items()}
    return house.intake.admit(None, values, SERVICE, source="test", actor=OWNER)


def reported(house: System, *, rehearsal: bool = False) -> Breach:
    breach = house.breaches.report("Iemand las mee.", reporter=Reporter.STAFF, actor=OWNER, rehearsal=rehearsal)
    for part in (Part.SUMMARY, Part.MEASURES):
        house.breaches.write(breach.id, part, Text(nl="Iemand las mee.", en="Someone read along."), actor=OWNER)
    return breach


def listed(house: System, breach: Breach) -> dict[str, dict[str, int]]:
    return {one.subject: dict(one.counts) for one in house.breaches.listed(breach.id, actor=OWNER)}


@pytest.fixture
def house(place: Place) -> System:
    (place.folder / "post").mkdir()
    with (place.folder / "gestand.toml").open("a") as settings:
        settings.write(SMTP + BOX)
    (place.folder / "sources").mkdir(exist_ok=True)
    (place.folder / "sources" / "shop.toml").write_text(MAPPING.format(place='path = "shop.db"'))
    fill(f"sqlite:///{place.folder / 'shop.db'}", TABLES)
    fill(f"sqlite:///{place.folder / 'shop.db'}", ROWS)
    return place.open()


def test_who_stood_in_the_messages_of_a_mailbox_is_computed_and_who_is_unknown_is_counted(house, place):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    now = place.clock()
    in_box = {"kind": "imap", "place": "balie", "folder": "INBOX", "received": now}
    house.archive.admit(written(to="balie@kopercom.nl, vreemde@example.org"), way(**in_box))
    house.archive.admit(written(number=2, sender="Wie <wie@example.org>"), way(**in_box))
    house.archive.admit(written(number=3), way(**in_box | {"place": "another"}))
    breach = reported(house)
    found = house.breaches.count_people(breach.id, Reach(mailbox="balie@kopercom.nl"), actor=OWNER)
    assert listed(house, breach) == {vera: {"correspondence.message": 1}}
    assert (found.people, found.unlisted, found.estimated) == (1, 2, False)  # two strangers; the firm itself is nobody
    assert [one.name for one in _recorded(house, f"breach {breach.id}")] == ["message.searched"]


def test_what_was_taken_out_of_a_mailbox_before_it_was_broken_into_did_not_lie_there(house, place):
    person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    long_ago = place.clock()
    at = {"kind": "imap", "place": "balie", "folder": "INBOX", "received": long_ago}
    house.archive.admit(written(number=1), way(**at, at_origin="1:1"))
    house.archive.admit(written(number=2), way(**at, at_origin="1:2"))
    place.clock.advance(timedelta(days=10))
    house.archive.origins.emptied([("balie", "INBOX", "1:1")], actor=OWNER)
    place.clock.advance(timedelta(days=10))
    breach, first = reported(house), place.clock() - timedelta(days=1)
    count = house.breaches.count_people
    assert count(breach.id, Reach(mailbox="balie", first=first), actor=OWNER, replace=True).records == 1
    before = Reach(mailbox="balie", first=long_ago + timedelta(days=1), last=long_ago + timedelta(days=2))
    assert count(breach.id, before, actor=OWNER, replace=True).records == 2
    house.archive.origins.emptied([("balie", "INBOX", "1:2")], actor=OWNER)
    house.engine.execute("UPDATE archive_way SET emptied = NULL")  # as it stood before that moment was kept
    unsure = count(breach.id, Reach(mailbox="balie", first=first), actor=OWNER, replace=True)
    assert (unsure.records, unsure.estimated) == (2, True)


def test_a_message_that_somebody_opened_is_told_from_the_ledger_and_one_erased_since_is_counted(house, place):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    mails = [house.archive.admit(written(number=n), way(received=place.clock())) for n in (1, 2, 3)]
    since = place.clock()
    for one in mails[:2]:
        house.archive.open(one.message, PurposeId("mail-archive"), actor=BRAM, reason="nieuwsgierig")
    breach = reported(house)
    reach = Reach(opened_by=BRAM, first=since)
    found = house.breaches.count_people(breach.id, reach, actor=OWNER)
    assert listed(house, breach)[vera]["correspondence.message"] == 2
    assert not found.estimated
    house.archive.erase([mails[0].message], ground="test", actor=OWNER)
    after = house.breaches.count_people(breach.id, reach, actor=OWNER, replace=True)
    assert listed(house, breach)[vera]["correspondence.message"] == 1
    assert (after.unlisted, after.estimated) == (1, True)


def test_what_somebody_opened_to_give_it_away_is_counted_by_its_record_and_a_secret_order_is_not(house, place):
    anna = person(house, contact__name="Anna de Vries", contact__email="anna@example.nl", contact__phone="06 12345678")
    dirk = person(house, contact__name="Dirk Bakker", contact__email="dirk@example.nl")
    since, name = place.clock(), FieldPath("contact.name")
    key = str(pyrage.x25519.Identity.generate().to_public())
    house.sharing.disclose(
        RecipientId("suppliers"), (anna, dirk), (name,), SERVICE, "contract", actor=BRAM, reason="?", sealed_to=key
    )
    demand = Demand(
        "public prosecutor", "126nd Sv", "name", "vordering 26-1", place.clock(), RecipientId("authorities"),
        PurposeId("orders"), (name, FieldPath("contact.email")), (anna,), {"written": True, "identity_checked": True},
    )  # fmt: skip
    order = house.sharing.receive_order(demand, actor=BRAM)
    place.clock.advance(timedelta(minutes=61))
    house.sharing.carry_out(order.id, actor=BRAM, proof=order.id, facts={}, sealed_to=key)
    breach = reported(house)
    house.vault.erase_subject(dirk, ground="17", actor=OWNER)
    found = house.breaches.count_people(breach.id, Reach(opened_by=BRAM, first=since), actor=OWNER)
    assert listed(house, breach) == {anna: {"contact.name": 1}}  # the e-mail address was opened for the order alone
    assert (found.people, found.unlisted, found.estimated) == (1, 1, False)


def test_messages_in_reach_are_held_as_evidence_until_the_breach_is_closed(house, place):
    person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    admitted = house.archive.admit(written(), way(place="balie", received=place.clock()))
    breach = reported(house, rehearsal=False)
    house.breaches.count_people(breach.id, Reach(mailbox="balie"), actor=OWNER)
    assert house.breaches.contain(breach.id, Pull(Lever.HOLD_EVIDENCE), actor=OWNER).count == 1
    with pytest.raises(RefusedError, match="legal hold"):
        house.archive.erase([admitted.message], ground="test", actor=OWNER)
    assert house.breaches.contain(breach.id, Pull(Lever.HOLD_EVIDENCE), actor=OWNER).count == 1
    assert len(house.archive.holds.for_reason(f"evidence of breach {breach.id}")) == 1
    from gestand.breach.containing import lift_holds

    lift_holds(house.breaches._desk, house.breaches.case(breach.id).breach, OWNER)
    house.archive.erase([admitted.message], ground="test", actor=OWNER)


def test_whose_data_lie_in_a_lost_system_is_computed_in_that_system(house, place):
    anna = person(house, contact__name="Anna de Vries", contact__email="anna@example.nl")
    breach = reported(house)
    found = house.breaches.count_people(breach.id, Reach(sources=("shop",)), actor=OWNER)
    mine = listed(house, breach)
    assert set(mine) >= {anna}
    assert mine[anna]["contact.email"] >= 2  # her customer row and her request
    assert mine[anna]["payment.invoice"] == 1
    assert found.unlisted > 0  # rows of Bram, whom the register does not know
    assert found.estimated
    (place.folder / "shop.db").unlink()
    house.sources.close()
    again = house.breaches.count_people(breach.id, Reach(sources=("shop",)), actor=OWNER, replace=True)
    assert (again.people, again.estimated) == (0, True)
    [page] = [p for p in house.breaches.read(breach.id, actor=OWNER) if p.page.part is Part.REACH][-1:]
    assert '"not_searched": {"shop"' in page.text


def test_a_frozen_source_or_mailbox_is_used_by_nobody_until_it_is_released(house):
    anna = person(house, contact__name="Anna de Vries", contact__email="anna@example.nl")
    breach = reported(house)
    for name in ("shop", "balie"):
        assert house.breaches.contain(breach.id, Pull(Lever.FREEZE_SOURCE, target=name), actor=OWNER).count == 1
    [problem] = house.sources.test(["shop"])
    assert problem.code == "source-frozen"
    [search] = [one for one in house.sources.find(()).searched if one.source == "shop"]
    assert "frozen" in search.why_not
    with pytest.raises(RefusedError) as read:
        house.ways.pull("balie")
    assert read.value.code == "mailbox-frozen"
    from gestand.doors.running.due_work import WORK

    [pulled] = [work for work in WORK if work.name == "mail"]
    assert pulled.do(house)["mailboxes"] == len(house.ways.settings.mailboxes) - 1  # the timer passes it by
    house.breaches.count_people(breach.id, Reach(sources=("shop",)), actor=OWNER)
    assert anna in listed(house, breach)  # to count who is affected it is read all the same
    with pytest.raises(UsageError) as unknown:
        house.breaches.contain(breach.id, Pull(Lever.FREEZE_SOURCE, target="nothing"), actor=OWNER)
    assert unknown.value.code == "source-unknown"
    for name in ("shop", "balie"):
        house.breaches.open_door(breach.id, name, actor=OWNER)
    assert house.sources.frozen() == ()
    assert house.ways.frozen() == frozenset()
    assert house.sources.test(["shop"]) == ()
    with pytest.raises(UsageError) as none:
        house.breaches.open_door(breach.id, "shop", actor=OWNER)
    assert none.value.code == "breach-door"


def test_the_keys_of_programs_end_too(house):
    policy = house.publication.in_force().policy
    texts = [
        house.programs.admit(name, ["proof:read"], [], days=30, policy=policy, actor=OWNER)[1] for name in ("boekhouding", "winkel")
    ]  # fmt: skip
    breach = reported(house)
    assert house.breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS, target="programs"), actor=OWNER).count == 2
    for text in texts:
        with pytest.raises(RefusedError):
            house.programs.known(text)


def test_people_are_told_through_the_outbox_and_count_when_it_went(house):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    bram = person(house, contact__name="Bram Jansen", contact__street="Lindelaan 14", contact__postcode="1234 AB",
                  contact__town="Zandstad")  # fmt: skip
    chaima = person(house, contact__name="Chaima El Idrissi", contact__phone="0485-340102")
    daan = person(house, contact__name="Daan Vos", contact__email="daan@example.nl", contact__street="Dorpsstraat 1",
                  contact__postcode="1234 AB", contact__town="Zandstad")  # fmt: skip
    breach = reported(house)
    house.breaches.count_people(breach.id, Reach(subjects=(vera, bram, chaima, daan)), actor=OWNER)
    queued = house.breaches.send(breach.id, actor=OWNER)
    assert (queued.mails, queued.letters, queued.unreachable) == (2, 1, 1)
    assert house.breaches.case(breach.id).told == 0  # nothing went yet
    assert [one.subject for one in house.breaches.letters(breach.id, actor=OWNER)] == [chaima]
    assert house.breaches.send(breach.id, actor=OWNER).mails == 0  # each once
    with mail_server() as server:
        server.refuse = lambda address: "550 5.1.1 nobody here" if address == "daan@example.nl" else ""
        house.post.deliver(server.courier())
        [received] = server.received
    assert received.recipient == "vera@example.nl"
    assert b"Iemand las mee." in received.content
    assert house.breaches.settle(breach.id, actor=OWNER) == 1
    assert house.breaches.listed_for(vera)[0][2] == "email"
    assert [house.breaches.listed_for(one)[0][1] for one in (bram, chaima, daan)] == [None, None, None]
    again = house.breaches.send(breach.id, actor=OWNER)  # who could not be mailed gets a letter
    assert (again.mails, again.letters, again.unreachable) == (0, 1, 1)
    printed = [one for one in house.post.all(state=State.TO_PRINT) if one.reference == breach.id]
    assert {one.subject_id for one in printed} == {bram, daan}
    assert house.post.content(printed[0].message_id, actor=OWNER, reason="print").startswith(b"%PDF")
    for one in printed:
        house.post.posted(one.message_id, on=house.clock().date(), by="Koos", actor=OWNER)
    assert house.breaches.settle_all(actor=OWNER) == 2
    case = house.breaches.case(breach.id)
    assert (case.told, case.listed) == (3, 4)
    assert [(one.channel, one.count) for one in case.notices if one.audience is Audience.PEOPLE] == [
        ("email", 1),
        ("post", 2),
    ]


def test_who_was_told_by_a_mail_that_came_back_is_untold_again_and_gets_a_letter(house, place):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl", contact__street="Lindelaan 14",
                  contact__postcode="1234 AB", contact__town="Zandstad")  # fmt: skip
    daan = person(house, contact__name="Daan Vos", contact__email="daan@example.nl")
    breach = reported(house)
    house.breaches.count_people(breach.id, Reach(subjects=(vera, daan)), actor=OWNER)
    house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    house.breaches.send(breach.id, actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier())
    assert house.breaches.settle_all(actor=OWNER) == 2
    told = people(house, breach)
    assert told.done_at is not None
    mails = {one.subject_id: one.message_id for one in house.post.all(reference=breach.id)}
    house.post.note_bounce(report(mails[vera]))
    place.clock.advance(timedelta(days=2))
    house.breaches.settle_all(actor=OWNER)
    assert (people(house, breach).done_at, people(house, breach).late) == (None, True)
    assert [house.breaches.listed_for(one)[0][1] is None for one in (vera, daan)] == [True, False]
    assert sum(one.count for one in house.breaches.case(breach.id).notices) == 1
    house.breaches.settle_all(actor=OWNER)  # once
    assert sum(one.count for one in house.breaches.case(breach.id).notices) == 1
    again = house.breaches.send(breach.id, actor=OWNER)
    assert (again.mails, again.letters, again.unreachable) == (0, 1, 0)


def test_who_was_told_by_hand_stays_told_when_the_mail_comes_back(house):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    breach = reported(house)
    house.breaches.count_people(breach.id, Reach(subjects=(vera,)), actor=OWNER)
    house.breaches.send(breach.id, actor=OWNER)
    house.breaches.told(breach.id, Told("telephone"), actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier())
    [mail] = house.post.all(reference=breach.id)
    house.post.note_bounce(report(mail.message_id))
    house.breaches.settle_all(actor=OWNER)
    assert house.breaches.listed_for(vera)[0][2] == "telephone"


def test_a_breach_that_was_closed_on_a_mail_that_came_back_is_open_again(house):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    breach = reported(house)
    house.breaches.state_aware(breach.id, breach.reported_at, "gezien", actor=OWNER)
    house.breaches.contain(breach.id, Pull(Lever.REVOKE_ACCESS), actor=OWNER)
    house.breaches.count_people(breach.id, Reach(subjects=(vera,)), actor=OWNER)
    house.breaches.state_facts(breach.id, STOLEN, actor=OWNER)
    house.breaches.write(breach.id, Part.CONSEQUENCES, Text(nl="Oplichting.", en="Fraud."), actor=OWNER)
    house.breaches.submit(breach.id, reference="AP-1", actor=OWNER)
    house.breaches.send(breach.id, actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier())
    house.breaches.settle_all(actor=OWNER)
    assert house.breaches.left(house.breaches.case(breach.id)) == ()
    house.breaches.close(breach.id, lessons="", actor=OWNER)
    [mail] = house.post.all(reference=breach.id)
    house.post.note_bounce(report(mail.message_id))
    house.breaches.settle_all(actor=OWNER)
    assert house.breaches.case(breach.id).breach.open
    assert [one.en for one in house.breaches.left(house.breaches.case(breach.id))] == ["tell everyone concerned"]
    assert [one.event.name for one in house.ledger.entries() if one.event.name == "breach.reopened"] == [
        "breach.reopened"
    ]


def people(house: System, breach: Breach) -> DueNotice:
    [found] = [one for one in house.breaches.due(house.breaches.case(breach.id)) if one.audience is Audience.PEOPLE]
    return found


def test_a_rehearsal_sends_nobody_anything_and_stands_in_no_answer(house):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    breach = reported(house, rehearsal=True)
    house.breaches.count_people(breach.id, Reach(subjects=(vera,)), actor=OWNER)
    assert house.breaches.send(breach.id, actor=OWNER).mails == 1
    assert [one for one in house.post.all() if one.reference == breach.id] == []
    assert house.breaches.case(breach.id).told == 1
    assert house.breaches.listed_for(vera) == []


def test_who_was_in_a_lost_backup_and_erased_since_is_counted(house, place):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")
    from gestand.ledger.model import Event

    house.ledger.append(Event("backup.made", place.clock(), OWNER, {"backup": "bak_1", "items": 1, "entries": 1}))
    place.clock.advance(timedelta(days=1))
    person(house, contact__name="Bram Jansen")
    before = house.breaches.count_people(reported(house).id, Reach(backup="bak_1"), actor=OWNER)
    house.vault.erase_subject(vera, ground="test", actor=OWNER)
    after = house.breaches.count_people(reported(house).id, Reach(backup="bak_1"), actor=OWNER)
    assert (after.people, after.unlisted) == (before.people - 1, before.unlisted + 1)


def _recorded(house: System, reason: str):
    return [e.event for e in house.ledger.entries() if e.event.facts.get("reason") == reason and e.event.name.startswith("message.")]  # fmt: skip


def test_a_system_that_refuses_says_so_and_counts_what_came_from_it(house, monkeypatch):
    vera = person(house, contact__name="Vera Smit", contact__email="vera@example.nl")

    def refuses(_source, _people):
        raise GestandError("source-unreachable", "the shop does not answer")

    monkeypatch.setattr(house.sources, "whose", refuses)
    breach = reported(house)
    found = house.breaches.count_people(breach.id, Reach(sources=("shop", "test")), actor=OWNER)
    assert vera in listed(house, breach)
    assert found.estimated
