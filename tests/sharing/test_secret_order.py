"""A secret order leaves no trace where its subject could see it: compared byte for byte with a house where there was none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pyrage
import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.dossier import make_dossier
from gestand.doors.house import pages_of, world_of
from gestand.doors.public.visit import visitor
from gestand.doors.running.counting import Tally
from gestand.doors.running.probes import measured
from gestand.doors.running.week import as_page, week_of
from gestand.evidence.model import Verdict
from gestand.evidence.ropa import record_of
from gestand.evidence.ropa_sheets import to_json as to_record
from gestand.evidence.service import prove
from gestand.kernel.clock import SettableClock, local_date
from gestand.kernel.entropy import SeededEntropy
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.rights.access_letter import access_letter
from gestand.rights.answer import to_json
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.portal.model import Level
from gestand.rights.words import day
from gestand.sharing.model import Demand, Package
from gestand.staff.webhooks import SILENT
from gestand.statement.policy import FieldKind
from gestand.system import System, open_system
from lived_house import Lived

OWNER = ActorId("owner")
ANNA, BRAM, CHAIMA = CAST[:3]
WANTED = tuple(map(FieldPath, ("contact.name", "contact.street")))
IDENTITY = pyrage.x25519.Identity.generate()
KEY = str(IDENTITY.to_public())
LATER = timedelta(hours=3)


@contextmanager
def opened(folder: Path, clock: SettableClock, seed: str) -> Iterator[System]:
    with open_system(folder, clock=clock, entropy=SeededEntropy(seed)) as house:
        yield house


def subject(house: System, person=ANNA) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, person.email)
    return found


def demand(house: System, clock: SettableClock, **more: object) -> Demand:
    facts = {"written": True, "identity_checked": True}
    return Demand(
        "public prosecutor", "126nd Sv", "name and address", "vordering 26-1", clock(), RecipientId("authorities"),
        PurposeId("orders"), WANTED, (subject(house),), facts, **more,
    )  # fmt: skip


def secret_order(house: System, clock: SettableClock) -> Package:
    taken = house.sharing.receive_order(demand(house, clock), actor=OWNER)
    clock.advance(timedelta(minutes=61))
    return house.sharing.carry_out(taken.id, actor=OWNER, proof=taken.id, facts={}, sealed_to=KEY)


def nothing(house: System, clock: SettableClock) -> None:
    pass


def clumsy_opening(house: System, clock: SettableClock) -> None:
    """What would happen without care: the vault is opened for the order as for anything else."""
    house.vault.open(subject(house), PurposeId("orders"), actor=OWNER, reason="vordering 26-1")


def clumsy_request_file(house: System, clock: SettableClock) -> None:
    """Another way to be careless: the order is kept as if it were a request of the person."""
    house.requests.receive(Right.ACCESS, contact=ANNA.email, channel=Channel.POST, actor=OWNER)


SIZES = {"entries", "bytes"}
"""How long the log and the files are: any act at all makes them grow, and a public page leaves them out."""


LENGTHS = ("gestand_ledger_entries ", "process_resident_memory_bytes ")
"""The same among metrics: how long the log is, and how much memory is in use."""


def figures(verdict: Verdict) -> dict[str, object]:
    return {name: value for name, value in verdict.figures.items() if name not in SIZES}


def seen(lived: Lived, tmp_path: Path, name: str, happens: Callable[[System, SettableClock], object]) -> dict[str, str]:
    """Let something happen in a copy of the house, and return all that Anna can get to see afterwards."""
    shutil.copytree(lived.folder.parent, tmp_path / name)
    folder, clock = tmp_path / name / "koper", SettableClock(lived.until)
    with opened(folder, clock, "before") as house:
        happens(house, clock)
    clock.move_to(lived.until + LATER)
    with opened(folder, clock, "after") as house:
        anna = subject(house)
        asked = house.requests.receive(Right.ACCESS, contact=ANNA.email, channel=Channel.EMAIL, actor=OWNER)
        house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
        answer = house.requests.answer(asked.id, actor=OWNER)
        erasure = house.requests.receive(Right.ERASURE, contact=ANNA.email, channel=Channel.EMAIL, actor=OWNER)
        house.requests.confirm(erasure.id, IdentityLevel.CONTACT_POINT, actor=OWNER)
        visit, run = visitor(pages_of(house)), prove(world_of(house))
        reference = house.vault.reference(anna)
        receipts = [entry.leaf.decode() for entry in house.ledger.entries() if entry.event.subject == reference]
        return {
            "access answer": json.dumps(to_json(answer)),
            "letter": access_letter(answer, "nl") + access_letter(answer, "en"),
            "requests": repr(list(house.requests.all())),
            "erasure plan": repr(house.requests.preview(erasure.id)),
            "holdings": repr(house.vault.holdings(anna)),
            "shared": repr(house.sharing.shared_with(anna)),
            "counts": repr(house.vault.counts()),
            "receipts": "\n".join(receipts),
            "pages": "".join(repr(visit(path)) for path in ("/", "/en", "/versions", "/feed", "/proof")),
            "proof": json.dumps([
                [r.clause.id, r.finding, [[c.id, c.verdict.finding, c.verdict.why.nl, figures(c.verdict)] for c in r.controls]]
                for r in run.clauses
            ]),
        }  # fmt: skip


def behind(
    lived: Lived, tmp_path: Path, name: str, happens: Callable[[System, SettableClock], object]
) -> dict[str, str]:
    """Let something happen in a copy of the house, and return what its staff, programs and auditors see of it in numbers."""
    shutil.copytree(lived.folder.parent, tmp_path / name)
    folder, clock = tmp_path / name / "koper", SettableClock(lived.until)
    with opened(folder, clock, "before") as house:
        happens(house, clock)
        size = house.ledger.head().size
    clock.move_to(lived.until + LATER)
    with opened(folder, clock, "after") as house:
        anna, far = subject(house), date(2060, 1, 1)
        code = house.portal.receive(Right.ACCESS, contact=ANNA.email)[0]
        house.requests.confirm(code.id, IdentityLevel.SECOND_FACT, actor=OWNER)
        entered = house.portal.enter(house.portal.give(code.id, Level.FETCH, actor=OWNER).link)
        email = next(h for h in house.vault.holdings(anna) if h.field == "contact.email")
        house.vault.rectify(email.item, "anna.nieuw@example.nl", actor=OWNER, reason="Article 16")
        run = prove(world_of(house))
        parts = house.config.folder / "dossier"
        make_dossier(house, parts)
        counted = [line for line in measured(house, Tally()).splitlines() if not line.startswith(LENGTHS)]
        return {
            "portal": repr((house.portal.standing(entered), house.portal.openings(entered))),
            "told to recipients": repr([(one.recipient, one.what) for one in house.sharing.to_tell()]),
            "forecast": repr(house.retention.forecast(far)),
            "forecast in the office": "".join(map(repr, house.retention.forecast(far).months)),
            "drift": repr((house.retention.drift(), list(house.tasks.all()))),
            "week": as_page(week_of(house, run), "Koper"),
            "metrics": "\n".join(counted),
            "record of processing": json.dumps(to_record(record_of(world_of(house))), default=str),
            "dossier": "".join(
                (parts / one).read_text("utf-8")
                for one in ("processing.json", "breaches.json", "disclosures.json", "requests.json", "measures.json", "destruction.json")
            ),
            "listed to programs": repr([one.id for one in house.sharing.disclosures() if not house.sharing.hidden(one)]),
            "told to programs": repr([
                e.event.name for e in house.ledger.entries(min(size, house.ledger.head().size)) if not e.event.name.startswith(SILENT)
            ]),
            "openings counted": repr(house.vault.counts()),
        }  # fmt: skip


def test_neither_do_figures_lists_and_forecasts_tell_of_it(lived: Lived, tmp_path: Path):
    without = behind(lived, tmp_path, "without", nothing)
    with_it = behind(lived, tmp_path, "with", secret_order)
    assert {name: with_it[name] for name, value in without.items() if with_it[name] != value} == {}


def test_what_its_subject_sees_is_the_same_byte_for_byte_with_and_without(lived: Lived, tmp_path: Path):
    without = seen(lived, tmp_path, "without", nothing)
    with_it = seen(lived, tmp_path, "with", secret_order)
    assert {name: with_it[name] == value for name, value in without.items()} == dict.fromkeys(without, True)
    assert ANNA.name in without["access answer"]


@pytest.mark.parametrize(
    ("careless", "where"),
    [(clumsy_opening, {"access answer", "letter", "receipts", "proof"}), (clumsy_request_file, {"requests"})],
)
def test_the_comparison_notices_a_careless_way(lived: Lived, tmp_path: Path, careless, where: set[str]):
    without = seen(lived, tmp_path, "without", nothing)
    with_it = seen(lived, tmp_path, "with", careless)
    assert where <= {name for name, value in without.items() if with_it[name] != value}


def shapes(lived: Lived, folder: Path, happens: Callable[[System, SettableClock], object]) -> list[tuple[object, ...]]:
    """Return the shape of each entry that something adds to the ledger: all that a stranger with the whole log can compare."""
    shutil.copytree(lived.folder.parent, folder)
    clock = SettableClock(lived.until)
    with opened(folder / "koper", clock, "before") as house:
        size = house.ledger.head().size
        happens(house, clock)
        return [
            (e.event.name, e.event.actor, e.event.subject, sorted(e.event.facts),
             [v if isinstance(v, int) else len(str(v)) for _, v in sorted(e.event.facts.items())], len(e.leaf))
            for e in house.ledger.entries(size)
        ]  # fmt: skip


def test_in_the_whole_ledger_an_order_looks_like_any_disclosure(lived: Lived, tmp_path: Path):
    def ordinary(house: System, clock: SettableClock) -> None:
        fields = tuple(map(FieldPath, ("contact.name", "contact.street")))
        house.sharing.disclose(
            RecipientId("bookkeeper"), (subject(house, CHAIMA),), fields, PurposeId("administration"), "AWR 52",
            actor=OWNER,
        )  # fmt: skip

    def order(house: System, clock: SettableClock) -> None:
        secret_order(house, clock)

    usual, ordered = shapes(lived, tmp_path / "usual", ordinary), shapes(lived, tmp_path / "ordered", order)
    assert ordered[1:] == usual
    assert ordered[0] == usual[0]  # taking it in is one more note, such as any record has


def test_when_secrecy_ends_the_person_is_to_be_told_and_then_sees_it(lived: Lived, tmp_path: Path):
    shutil.copytree(lived.folder.parent, tmp_path / "house")
    clock = SettableClock(lived.until)
    with opened(tmp_path / "house" / "koper", clock, "before") as house:
        secret_order(house, clock)
        anna, before = subject(house), house.sharing.shared_with(subject(house))
        order = list(house.sharing.orders())[-1]
        assert order.confidential
        with pytest.raises(RefusedError) as secret:
            house.sharing.tell_subjects(order.id, actor=OWNER)
        assert secret.value.code == "order-secret"
        assert house.sharing.orders_to_tell() == []
        foreseen = house.retention.forecast(date(2060, 1, 1)).total
        house.sharing.lift_secrecy(order.id, actor=OWNER, because="brief van het OM")
        assert [one.id for one in house.sharing.orders_to_tell()] == [order.id]
        assert house.retention.forecast(date(2060, 1, 1)).total > foreseen  # counted from now on
        shown = house.sharing.shared_with(anna)
        assert len(shown) == len(before) + 1
        assert "bevoegde autoriteit" in shown[-1].recipient.nl
        told, letter = house.sharing.tell_subjects(order.id, actor=OWNER)
        assert told.told_at == clock()
        assert "126nd Sv" in letter
        assert "naam, adres" in letter
        assert f"{clock().year}-" not in letter
        assert f"Op {day(local_date(clock()), 'nl')} gaven wij" in letter
        assert house.sharing.orders_to_tell() == []


def test_a_secrecy_with_a_last_day_ends_after_that_day(lived: Lived, tmp_path: Path):
    shutil.copytree(lived.folder.parent, tmp_path / "house")
    clock = SettableClock(lived.until)
    with opened(tmp_path / "house" / "koper", clock, "before") as house:
        until = date(2026, 12, 31)
        taken = house.sharing.receive_order(demand(house, clock, secret_until=until), actor=OWNER)
        assert taken.hidden(until)
        assert not taken.hidden(until + timedelta(days=1))
