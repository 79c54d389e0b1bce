"""The till has a database of its own: who asks is found there too, who is erased is gone there, and what is old leaves."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from importlib import resources
from pathlib import Path

from gestand.doors.demonstration.place import Place
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, SubjectId
from gestand.rights.giving import Given
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.system import System

OWNER = ActorId("owner")
HANNA = {"contact.name": "Hanna Kuipers", "contact.email": "hanna@example.org"}
FILES = resources.files("gestand.doors.demonstration") / "till"
"""What its supplier put on the till, and what the firm wrote of it in ``sources/``."""
Tell = Callable[[str, str], None]


def till(place: Place, _customers: Mapping[str, SubjectId], tell: Tell) -> None:
    """Declare it, look at it, answer from it, erase in it, let what is old leave, and look again."""
    place.close()
    declare(place)
    house = place.open()
    [looked] = house.sources.upkeep.look(actor=OWNER)
    tell("The till has a database of its own", f"declared and compared: {len(looked.problems)} faults.")
    values = {FieldPath(field): value for field, value in HANNA.items()}
    house.intake.admit(None, values, PurposeId("service"), source="counter", actor=OWNER)
    answer_and_erase(house, tell)
    run = house.retention.run(actor=OWNER)
    [again] = house.sources.upkeep.look(actor=OWNER)
    tell(
        "What is old leaves the till",
        f"{run.erased} things that were over are gone, rows of the till among them; looked again: {again.back} of who was "
        "erased are back.",
    )


def declare(place: Place) -> None:
    """Make the till's file and a backup of its supplier, and say in ``sources/`` what is personal in it."""
    file = place.folder / "kassa.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((FILES / "kassa.sql").read_text("utf-8"))
    shutil.copyfile(file, supplier_backup(place.folder))
    folder = place.folder / "sources"
    folder.mkdir(exist_ok=True)
    (folder / "kassa.toml").write_text((FILES / "kassa.toml").read_text("utf-8"), "utf-8")


def supplier_backup(folder: Path) -> Path:
    """Return where the supplier of the till keeps its backup: with the supplier."""
    return folder.with_name(f"{folder.name}-kassa.db")


def answer_and_erase(house: System, tell: Tell) -> None:
    """A customer who is in the house and in the till asks what is held, and then to be erased."""
    asked = house.requests.receive(Right.ACCESS, contact=HANNA["contact.email"], channel=Channel.COUNTER, actor=OWNER)
    house.requests.confirm(asked.id, IdentityLevel.IN_PERSON, actor=OWNER)
    answer = house.requests.answer(asked.id, actor=OWNER)
    house.requests.given(asked.id, Given.ANSWER, Channel.COUNTER, actor=OWNER)
    tell(
        "An answer goes through every system",
        f"{HANNA['contact.name']}: {len(answer.copies)} data from other systems, searched in {len(answer.systems)} of them.",
    )
    erasure = house.requests.receive(
        Right.ERASURE, contact=HANNA["contact.email"], channel=Channel.COUNTER, actor=OWNER
    )
    house.requests.confirm(erasure.id, IdentityLevel.IN_PERSON, actor=OWNER)
    house.requests.plan(erasure.id, actor=OWNER)
    outcome = house.requests.erase(erasure.id, actor=OWNER)
    house.requests.given(erasure.id, Given.ANSWER, Channel.COUNTER, actor=OWNER)
    removed = sum(copy.removed for copy in outcome.copies)
    kept = sum(one.rows for copy in outcome.copies for one in copy.retained)
    tell(
        "An erasure too",
        f"emptied in other systems: {removed}, searched again; receipts that stay for the tax administration: {kept}.",
    )
