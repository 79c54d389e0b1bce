"""A request over the vault and three systems: found along all of them, erased in each, killed at every step, never a false done."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.clock import SettableClock, local_date
from gestand.kernel.errors import GestandError, RefusedError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.rights.access_letter import access_letter
from gestand.rights.letters import erasure_letter
from gestand.rights.model import Channel, Decision, IdentityLevel, Right, State
from gestand.rights.rules import HELD_BY
from gestand.rights.searching import UNASKED
from gestand.statement.policy import FieldKind
from gestand.system import System
from sources.shop import fill, new_database, rows
from sources.till import ROWS, till_at

OWNER = ActorId("owner")
DAAN = CAST[3]
HEAD = 'format = 1\nkind = "sql"\nnear = true\n'
SHOP = (
    HEAD
    + """title = { nl = "webwinkel", en = "web shop" }
PLACE
[tables.account]
erase = "delete"
[tables.account.columns]
klantnummer = { field = "contact.customer-number" }
[tables.bestelling]
links = { account_id = "account.id" }
erase = "delete"
[tables.bestelling.columns]
straat = { field = "contact.street" }
"""
)
BOOKS = (
    HEAD
    + """title = { nl = "boekhouding", en = "accounts" }
PLACE
[tables.debiteur]
erase = "columns"
[tables.debiteur.columns]
nummer = { field = "contact.customer-number", erase = "replace", value = "weg-{key}" }
naam = { field = "contact.name", erase = "replace", value = "verwijderd" }
[tables.factuur]
links = { debiteur_id = "debiteur.id" }
erase = "keep"
issued = true
ground = "AWR 52(4)"
until = "31-12-2033"
[tables.factuur.columns]
tenaamstelling = { field = "contact.name", finds = false }
"""
)
BACK = "INSERT INTO klant VALUES (1, '{email}', 'T-77')"
WEB = """CREATE TABLE account (id INTEGER PRIMARY KEY, klantnummer VARCHAR(20));
CREATE TABLE bestelling (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES account (id), straat VARCHAR(80));
INSERT INTO account VALUES (1, 'T-77'), (2, 'T-78');
INSERT INTO bestelling VALUES (10, 1, 'Kerkpad 3'), (11, 1, 'Kerkpad 3'), (12, 2, 'Dorp 1')"""
LEDGERS = """CREATE TABLE debiteur (id INTEGER PRIMARY KEY, nummer VARCHAR(20), naam VARCHAR(80) NOT NULL);
CREATE TABLE factuur (id INTEGER PRIMARY KEY, debiteur_id INTEGER, tenaamstelling VARCHAR(80));
INSERT INTO debiteur VALUES (1, 'T-77', 'D. Visser'), (2, 'T-78', 'Iemand Anders');
INSERT INTO factuur VALUES (100, 1, 'D. Visser'), (101, 2, 'Iemand Anders')"""
SYSTEMS = {
    "kassa": ("sqlite", till_at("PLACE"), ROWS),
    "winkel": ("postgres", SHOP, WEB),
    "boeken": ("mariadb", BOOKS, LEDGERS),
}
LEFT = {
    "kassa": {"SELECT id FROM klant": [(2,)]},
    "winkel": {"SELECT id FROM account": [(2,)], "SELECT id FROM bestelling": [(12,)]},
    "boeken": {
        "SELECT nummer, naam FROM debiteur ORDER BY id": [("weg-1", "verwijderd"), ("T-78", "Iemand Anders")],
        "SELECT tenaamstelling FROM factuur ORDER BY id": [("D. Visser",), ("Iemand Anders",)],
    },
}
STEPS = [f"{name}.{step}" for name in SYSTEMS for step in ("begun", "before-commit", "after-commit", "erased", "done")]


class Three:
    """The worked example with three systems beside it."""

    def __init__(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place = place
        self.dsns: dict[str, str] = {}
        (place.folder / "sources").mkdir(exist_ok=True)
        for name, (kind, mapping, content) in SYSTEMS.items():
            dsn, line, variables = new_database(kind, place.folder)
            fill(dsn, content.format(email=DAAN.email.upper()))
            for value in variables.values():
                monkeypatch.setenv(f"{name.upper()}_DSN", value)
            line = line.replace("SHOP_DSN", f"{name.upper()}_DSN")
            (place.folder / "sources" / f"{name}.toml").write_text(mapping.replace("PLACE", line))
            self.dsns[name] = dsn

    def ask(self, right: Right) -> str:
        house = self.place.open()
        asked = house.requests.receive(right, contact=DAAN.email, channel=Channel.EMAIL, actor=OWNER)
        house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
        return asked.id

    def erased(self, name: str) -> bool:
        return all(rows(self.dsns[name], query) == left for query, left in LEFT[name].items())


@pytest.fixture
def three(place: Place, monkeypatch: pytest.MonkeyPatch) -> Three:
    return Three(place, monkeypatch)


def test_a_person_is_found_over_three_systems_along_what_each_teaches(three: Three):
    request = three.ask(Right.ACCESS)
    house = three.place.open()
    assert house.sources.test() == ()
    found = house.requests.find(request, actor=OWNER)
    assert {(trace.source, trace.place, trace.key[0]) for trace in found.traces if trace.source in SYSTEMS} == {
        ("kassa", "klant", 1), ("winkel", "account", 1), ("winkel", "bestelling", 10), ("winkel", "bestelling", 11),
        ("boeken", "debiteur", 1), ("boeken", "factuur", 100),
    }  # fmt: skip
    answer = house.requests.answer(request, actor=OWNER)
    assert len([copy for copy in answer.copies if copy.place != "messages"]) == 8
    letter = access_letter(answer, "nl")
    assert letter.count("webwinkel (bestelling)\n    adres: Kerkpad 3\n") == 2
    assert "iemand@example.org" not in letter
    assert house.requests.one(request).outcome == "answered"


def test_a_system_that_is_away_leaves_the_request_open(three: Three):
    (three.place.folder / "shop.db").unlink()
    request = three.ask(Right.ACCESS)
    house = three.place.open()
    found = house.requests.find(request, actor=OWNER)
    assert [search.source for search in found.searched if search.why_not] == ["kassa"]
    with pytest.raises(GestandError) as refused:
        house.requests.answer(request, actor=OWNER)
    assert refused.value.code == "source-unsearched"
    assert house.requests.one(request).open


def test_nothing_is_searched_before_identity_is_judged(three: Three):
    house = three.place.open()
    asked = house.requests.receive(Right.ACCESS, contact=DAAN.email, channel=Channel.EMAIL, actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        house.requests.find(asked.id, actor=OWNER)
    assert refused.value.code == "identity-not-judged"


def test_an_erasure_goes_through_all_and_says_what_stays(three: Three):
    request = three.ask(Right.ERASURE)
    house = three.place.open()
    plan = house.requests.plan(request, actor=OWNER)
    assert {copy.source: (copy.actionable, copy.kept) for copy in plan.copies if copy.source in SYSTEMS} == {
        "kassa": (1, 0),
        "winkel": (3, 0),
        "boeken": (1, 1),
    }
    assert not any(three.erased(name) for name in SYSTEMS)
    outcome = house.requests.erase(request, actor=OWNER)
    assert all(three.erased(name) for name in SYSTEMS)
    assert {copy.source: copy.removed for copy in outcome.copies if copy.source in SYSTEMS} == {
        "kassa": 1,
        "winkel": 3,
        "boeken": 1,
    }
    letter = erasure_letter(
        outcome, house.statements.in_force().policy.controller, outcome.plan.on, "nl", request_shelf=""
    )
    assert "  boekhouding (factuur): op 1 plek. De reden: AWR 52(4). Tot: 31-12-2033." in letter
    assert "  webwinkel: op 3 plekken\n" in letter
    names = [entry.event.name for entry in house.ledger.entries()]
    assert erased_in(house, request) == sorted(SYSTEMS)
    assert "request.closed" in names
    assert "T-77" not in "".join(str(entry.event.facts) for entry in house.ledger.entries())
    assert not [h for s in house.vault.subjects() for h in house.vault.holdings(s) if h.source == "request-search"]


def erased_in(house: System, request: str) -> list[str]:
    """Return the declared systems of which the ledger says that they were erased in for a request."""
    entries = [entry.event for entry in house.ledger.entries() if entry.event.name == "source.erased"]
    ours = [event for event in entries if event.facts["job"] == request]
    return sorted(str(event.facts["source"]) for event in ours if event.facts["source"] in SYSTEMS)


def daan(house: System) -> SubjectId:
    [found] = house.vault.find(FieldKind.EMAIL, DAAN.email)
    return found


def killed(three: Three, request: str, step: str) -> None:
    three.place.close()
    child = os.fork()
    if child == 0:
        try:
            house = three.place.open()

            def die(reached: str) -> None:
                if reached == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            house.sources.failpoint = die
            object.__setattr__(house.vault._room, "failpoint", die)
            if request:
                house.requests.erase(request, actor=OWNER)
            else:
                house.requests.erase_now(daan(house), actor=OWNER)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), step


@pytest.mark.parametrize("step", [*STEPS, "searched", "erase.begun", "erase.destroyed", "erase.done"])
def test_killed_at_a_step_it_is_not_done_and_goes_on(three: Three, step: str):
    request = three.ask(Right.ERASURE)
    three.place.open().requests.plan(request, actor=OWNER)
    killed(three, request, step)
    house: System = three.place.open()
    assert house.requests.one(request).state is State.PLANNED
    outcome = house.requests.erase(request, actor=OWNER)
    assert outcome.absence_proven
    assert all(three.erased(name) for name in SYSTEMS)
    assert {copy.source: copy.removed for copy in outcome.copies if copy.source in SYSTEMS} == {
        "kassa": 1,
        "winkel": 3,
        "boeken": 1,
    }
    assert house.requests.one(request).outcome in {"erased", "partly-erased"}
    assert erased_in(house, request) == sorted(SYSTEMS)
    assert outcome.plan.having(Decision.ERASE) is not None


@pytest.mark.parametrize("step", ["winkel.after-commit", "boeken.done", "searched", "erase.begun"])
def test_an_account_that_is_closed_leaves_every_system_also_after_a_kill(three: Three, step: str):
    before = three.place.open().ledger.head().size
    killed(three, "", step)
    house = three.place.open()
    if house.vault.find(FieldKind.EMAIL, DAAN.email):  # the vault goes last: until then the same call goes on
        house.requests.erase_now(daan(house), actor=OWNER)
    assert all(three.erased(name) for name in SYSTEMS)
    told = [entry.event.facts for entry in house.ledger.entries(before) if entry.event.name == "source.erased"]
    removed = {name: sum(int(facts["removed"]) for facts in told if facts["source"] == name) for name in SYSTEMS}
    assert removed == {"kassa": 1, "winkel": 3, "boeken": 1}  # each once, however often it was begun
    assert not house.vault.find(FieldKind.EMAIL, DAAN.email)
    assert not [h for s in house.vault.subjects() for h in house.vault.holdings(s) if h.source == "request-search"]


def test_a_row_that_came_after_the_plan_asks_for_a_new_plan(three: Three):
    request = three.ask(Right.ERASURE)
    house = three.place.open()
    house.requests.plan(request, actor=OWNER)
    fill(three.dsns["winkel"], "INSERT INTO bestelling VALUES (13, 1, 'Kerkpad 3')")
    with pytest.raises(RefusedError) as refused:
        house.requests.erase(request, actor=OWNER)
    assert refused.value.code == "source-changed"
    assert house.requests.one(request).state is State.PLANNED
    house.requests.plan(request, actor=OWNER)
    house.requests.erase(request, actor=OWNER)
    assert all(three.erased(name) for name in SYSTEMS)


def test_a_doubtful_trace_waits_for_a_person(three: Three):
    fill(three.dsns["boeken"], f"INSERT INTO debiteur VALUES (3, 'X-1', '{DAAN.name}')")  # noqa: S608 - an invented name
    request = three.ask(Right.ERASURE)
    house = three.place.open()
    house.requests.plan(request, actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        house.requests.erase(request, actor=OWNER)
    assert refused.value.code == "source-doubtful"
    [doubtful] = [t for t in house.requests.find(request, actor=OWNER).traces if t.confidence == "doubtful"]
    assert doubtful.key == (3,)
    found = house.requests.find(request, actor=OWNER, no=[doubtful.id])
    assert (3,) not in {t.key for t in found.traces}
    house.requests.plan(request, actor=OWNER)
    house.requests.erase(request, actor=OWNER)
    assert rows(three.dsns["boeken"], "SELECT naam FROM debiteur WHERE id = 3") == [(DAAN.name,)]


def lying(three: Three) -> list[object]:
    return [rows(three.dsns[name], f"SELECT * FROM {table}") for name, table in TABLES]  # noqa: S608 - names above


TABLES = (("winkel", "account"), ("winkel", "bestelling"), ("boeken", "debiteur"), ("boeken", "factuur"))


def test_what_a_legal_hold_stands_over_is_destroyed_in_no_other_system_either(three: Three):
    house = three.place.open()
    before = lying(three)
    who = daan(house)
    hold = house.vault.place_hold(
        [h.item for h in house.vault.holdings(who)][:1], reason="geschil", until=None, actor=OWNER
    )
    request = three.ask(Right.ERASURE)
    plan = house.requests.plan(request, actor=OWNER)
    assert plan.copies
    assert not any(copy.actionable for copy in plan.copies)
    assert house.requests.preview(request).copies == plan.copies
    outcome = house.requests.erase(request, actor=OWNER)
    assert lying(three) == before
    assert {kept.ground for copy in outcome.copies for kept in copy.retained} == {HELD_BY, "AWR 52(4)"}
    house.vault.lift_hold(hold.id, reason="opgelost", actor=OWNER)
    again = three.ask(Right.ERASURE)
    house.requests.plan(again, actor=OWNER)
    house.requests.erase(again, actor=OWNER)
    assert all(three.erased(name) for name in SYSTEMS)


def test_a_hold_that_comes_after_the_plan_asks_for_a_new_plan(three: Three):
    request = three.ask(Right.ERASURE)
    house = three.place.open()
    house.requests.plan(request, actor=OWNER)
    before = lying(three)
    kept = [d.holding.item for d in house.requests.preview(request).decisions if d.decision is Decision.KEEP]
    items = kept or [h.item for h in house.vault.holdings(daan(house))]
    house.vault.place_hold(items[:1], reason="geschil", until=None, actor=OWNER)
    with pytest.raises(RefusedError) as refused:
        house.requests.erase(request, actor=OWNER)
    assert refused.value.code == "request-changed"
    assert lying(three) == before


def test_an_account_under_a_legal_hold_is_closed_nowhere(three: Three):
    house = three.place.open()
    before = lying(three)
    who = daan(house)
    house.vault.place_hold([h.item for h in house.vault.holdings(who)], reason="geschil", until=None, actor=OWNER)
    assert house.requests.erase_now(who, actor=OWNER).erased == 0
    assert lying(three) == before


def test_what_a_refused_closing_was_taught_is_not_kept(three: Three):
    fill(three.dsns["boeken"], f"INSERT INTO debiteur VALUES (3, 'X-1', '{DAAN.name}')")  # noqa: S608 - an invented name
    house = three.place.open()
    with pytest.raises(RefusedError) as refused:
        house.requests.erase_now(daan(house), actor=OWNER)
    assert refused.value.code == "source-doubtful"
    assert "request for erasure" in refused.value.remedy
    assert not [h for s in house.vault.subjects() for h in house.vault.holdings(s) if h.source == "request-search"]


def test_copies_of_a_folder_keep_their_sources(three: Three, tmp_path: Path):
    request = three.ask(Right.ERASURE)
    three.place.open().requests.plan(request, actor=OWNER)
    three.place.close()
    shutil.copytree(three.place.folder, tmp_path / "copy" / "koper")
    other = Place(tmp_path / "copy" / "koper", SettableClock(three.place.clock()))
    assert [step.source for step in other.open().sources.erasures.steps(request) if step.source in SYSTEMS] == sorted(
        SYSTEMS
    )
    other.close()


def test_by_what_a_closed_account_is_known_again_leaves_when_the_file_of_a_request_would(three: Three):
    house = three.place.open()
    house.requests.erase_now(daan(house), actor=OWNER)
    known = house.sources.erasures.known_again()
    [job] = [one for one in known if one.startswith(UNASKED)]
    assert known[job] == local_date(house.clock())
    fill(three.dsns["kassa"], BACK.format(email=DAAN.email.upper()))  # from a backup
    assert {one.source: one.back for one in house.sources.upkeep.look(["kassa"], actor=OWNER)} == {"kassa": 1}
    three.place.clock.advance(timedelta(days=350))
    house.retention.run(actor=OWNER)
    assert job in house.sources.erasures.known_again()
    three.place.clock.advance(timedelta(days=6 * 366))
    house.retention.run(actor=OWNER)
    assert house.sources.erasures.known_again() == {}
