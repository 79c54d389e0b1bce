"""Whoever may not know of a secret order learns of it by no door: every page, answer and file with it and without it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doors.api.asking import program
from gestand.doors.house import world_of
from gestand.doors.office.memory import Memory
from gestand.doors.office.pages import people
from gestand.doors.office.routes import Route
from gestand.doors.office.table import place_of, routes
from gestand.doors.office.visit import Visit
from gestand.doors.running.week import as_text, week_of
from gestand.doors.web.templates import environment
from gestand.evidence.ropa import record_of
from gestand.evidence.ropa_files import source, workbook
from gestand.evidence.service import prove
from gestand.kernel.clock import SettableClock
from gestand.kernel.errors import GestandError
from gestand.staff.model import How, Person, Session
from gestand.staff.passkeys import Site
from gestand.staff.programs import SCOPES
from gestand.system import System
from lived_house import Lived
from sharing.test_secret_order import LATER, clumsy_opening, nothing, opened, secret_order, subject
from staff_house import colleague, keeper

SITE = Site("http://localhost:8470", "localhost", "Koper")
TEMPLATES = Path(people.__file__).parent.parent / "templates"
TO_KEEPERS = ("orders:", "events:")
"""What a program may be let in for that shows orders, or the whole log."""
ASKED = (
    "requests", "subjects/{subject}", "subjects/{subject}/holds", "subjects/{subject}/dossiers", "devices",
    "dossiers", "disks", "postbook", "retention/plan", "retention/forecast?until=2036-01-01", "retention/certificates", "tasks",
    "measures", "proof", "statement", "campaigns", "post", "sources", "proposals", "staff", "staff/sessions", "staff/approvals",
    "webhooks", "breaches", "calendar", "tellings", "disclosures",
)  # fmt: skip


def office(house: System, bram: Person) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield every page that somebody who is no keeper, with every purpose there is, can open with no more than Anna's id."""
    now = house.clock()
    session = Session("s", bram.id, "t", How.PASSWORD, now, now, now)
    templates = environment(TEMPLATES)
    templates.globals.update(menu=lambda _visit: (), demonstration=False)
    memory, known = Memory(house), {"subject": str(subject(house))}

    def shown(route: Route) -> str:
        path = route.path.format(**known)
        try:
            answer = route.view(
                Visit(house, memory, SITE, templates, "nl", bram, session, path, known, {}, {}, place=place_of(path))
            )
        except GestandError as fault:
            return fault.code
        return f"{answer.status} {answer.location} {answer.body.decode(errors='replace')}"

    for route in routes():
        named = set(route.pattern.groupindex)
        if route.method == "GET" and route.audience == "staff" and named <= set(known):
            yield f"office/{route.path}", lambda route=route: shown(route)


def shown_to_others(lived: Lived, folder: Path, happens: Callable[[System, SettableClock], object]) -> dict[str, str]:
    """Let something happen in a copy of the house, and return what everybody but its keepers is shown afterwards."""
    shutil.copytree(lived.folder.parent, folder)
    clock = SettableClock(lived.until)
    with opened(folder / "koper", clock, "before") as house:
        happens(house, clock)
    clock.move_to(lived.until + LATER)
    with opened(folder / "koper", clock, "after") as house:
        anna = subject(house)
        run = prove(world_of(house))
        record = record_of(world_of(house))
        found = {
            "week by mail": as_text(week_of(house, run)),
            "record as a document": source(record, "nl") + source(record, "en"),
            "record as a workbook": repr(len(workbook(record, "nl"))),
        }
        scopes = tuple(one for one in SCOPES if not one.startswith(TO_KEEPERS))
        with program(house, scopes=scopes) as client:
            for path in ASKED:
                answer = client.get("/" + path.format(subject=anna))
                found[f"api/{path}"] = f"{answer.status_code} {answer.text}"
        keeper(house, "Koos Koper")
        found |= {name: page() for name, page in office(house, colleague(house, "Bram Jansen"))}
        return found


@pytest.mark.slow
def test_no_door_tells_others_of_it(lived: Lived, tmp_path: Path):
    without = shown_to_others(lived, tmp_path / "without", nothing)
    with_it = shown_to_others(lived, tmp_path / "with", secret_order)
    assert len([name for name, shown in without.items() if shown.startswith("200 ")]) > len(ASKED)
    assert {name: (shown, with_it[name]) for name, shown in without.items() if with_it[name] != shown} == {}
    careless = shown_to_others(lived, tmp_path / "careless", clumsy_opening)
    assert "office/evidence" in {name for name, shown in without.items() if careless[name] != shown}
