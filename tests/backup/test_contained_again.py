"""What was shut or frozen to contain a breach stands shut and frozen after an older backup is restored."""

from __future__ import annotations

from datetime import UTC, datetime

from backup.backup_world import OWNER
from backup.test_restoring import destroyed
from gestand.archive.ways.store import WaysStore
from gestand.breach.containing import Pull
from gestand.breach.model import Lever, Reporter
from gestand.ledger.model import Event
from gestand.sources.freezing import Freezer
from gestand.system.containment import Containment, shut_again

AT = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)


def reported(house):
    return house.breaches.report("iemand kwam binnen", reporter=Reporter.STAFF, actor=OWNER)


def shut(house, breach, door):
    house.breaches.contain(breach.id, Pull(Lever.CLOSE_DOOR, target=door), actor=OWNER)


def test_a_door_that_was_shut_after_the_backup_is_shut_when_it_is_restored(firm):
    house = firm.house
    breach = reported(house)
    firm.back_up()
    shut(house, breach, "portal")
    shut(house, breach, "api")
    house.breaches.open_door(breach.id, "api", actor=OWNER)
    restored = firm.restore(ledger=destroyed(firm))
    assert restored.replayed == 1
    with firm.reopened() as again:
        assert again.breaches.shut_doors() == {"portal"}
        again.breaches.open_door(breach.id, "portal", actor=OWNER)
        assert again.breaches.shut_doors() == frozenset()


def test_a_door_that_was_opened_after_the_backup_is_open_when_it_is_restored(firm):
    house = firm.house
    breach = reported(house)
    shut(house, breach, "portal")
    firm.back_up()
    house.breaches.open_door(breach.id, "portal", actor=OWNER)
    assert firm.restore(ledger=destroyed(firm)).replayed == 1
    with firm.reopened() as again:
        assert again.breaches.shut_doors() == frozenset()


def test_a_door_stays_shut_though_the_breach_itself_came_after_the_backup(firm):
    house = firm.house
    firm.back_up()
    shut(house, reported(house), "office")
    assert firm.restore(ledger=destroyed(firm)).lost["breach.reported"] == 1
    with firm.reopened() as again:
        assert again.breaches.shut_doors() == {"office"}
        again.breaches.open_door(reported(again).id, "office", actor=OWNER)  # reported anew, it can be opened
        assert again.breaches.shut_doors() == frozenset()


def test_sources_and_mailboxes_are_frozen_again_and_what_was_released_is_free(firm):
    said = Containment()
    for name, facts in (
        ("breach.source-frozen", {"breach": "bre_1", "source": "shop", "kind": "source"}),
        ("breach.source-frozen", {"breach": "bre_1", "source": "balie", "kind": "mailbox"}),
        ("breach.source-frozen", {"breach": "bre_1", "source": "old", "kind": "source"}),
        ("breach.source-released", {"breach": "bre_1", "source": "old"}),
    ):
        said.read(Event(name, AT, OWNER, facts))
    engine = firm.house.engine
    with engine.transaction():
        Freezer(engine).freeze("old", "before", AT)
        assert shut_again(engine, said) == 3
        assert shut_again(engine, said) == 0
    assert set(Freezer(engine).all()) == {"shop"}
    assert WaysStore(engine, bytes(32)).frozen() == {"balie": "breach bre_1"}


def test_what_a_breach_shut_is_open_once_its_file_has_left():
    said = Containment()
    said.read(Event("breach.door-shut", AT, OWNER, {"breach": "bre_1", "door": "api"}))
    said.read(Event("breach.door-shut", AT, OWNER, {"breach": "bre_2", "door": "portal"}))
    said.read(Event("breach.expired", AT, OWNER, {"breach": "bre_1"}))
    assert [door for door, by in said.doors.items() if by] == ["portal"]
