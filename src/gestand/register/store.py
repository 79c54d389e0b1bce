"""The tables of the register. No name, title or free text stands in them; a subject's rows leave with the subject."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

from gestand.kernel.ids import DossierId, PurposeId, SubjectId
from gestand.register.model import (
    Dossier,
    DossierEvent,
    DossierKind,
    Involved,
    Involvement,
    Representation,
    RepresentationRole,
    Role,
)
from gestand.statement.policy import Trigger
from gestand.storage.engine import Engine, Row

MIGRATIONS = (
    """
    CREATE TABLE register_firm (subject TEXT PRIMARY KEY);
    CREATE TABLE register_representation (
        firm TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, since TEXT NOT NULL, until TEXT,
        PRIMARY KEY (firm, person, role, since)
    );
    CREATE INDEX register_representation_person ON register_representation (person);
    CREATE TABLE register_dossier (
        id TEXT PRIMARY KEY, number TEXT NOT NULL, kind TEXT NOT NULL, purpose TEXT NOT NULL,
        opened_on TEXT NOT NULL, closed_on TEXT
    );
    CREATE UNIQUE INDEX register_dossier_number ON register_dossier (kind, number) WHERE number <> '';
    CREATE TABLE register_involved (
        subject TEXT NOT NULL, dossier TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (subject, dossier)
    );
    CREATE INDEX register_involved_dossier ON register_involved (dossier);
    CREATE TABLE register_event (
        dossier TEXT NOT NULL, trigger_name TEXT NOT NULL, happened_on TEXT NOT NULL,
        PRIMARY KEY (dossier, trigger_name, happened_on)
    );
    """,
    """
    CREATE TABLE register_device (
        subject TEXT NOT NULL, id TEXT NOT NULL, dossier TEXT NOT NULL, role TEXT NOT NULL, received_on TEXT NOT NULL,
        returned_on TEXT, wiped_on TEXT, PRIMARY KEY (subject, id)
    );
    CREATE INDEX register_device_id ON register_device (id);
    CREATE TABLE register_image (name TEXT PRIMARY KEY, device TEXT NOT NULL, item TEXT NOT NULL);
    CREATE TABLE register_certificate (
        digest TEXT PRIMARY KEY, paper TEXT NOT NULL, issued_on TEXT NOT NULL, destroyed INTEGER NOT NULL,
        method TEXT NOT NULL, since INTEGER NOT NULL
    );
    """,
    """
    CREATE INDEX register_device_in_hand ON register_device (received_on, id) WHERE returned_on IS NULL;
    CREATE INDEX register_device_given_back ON register_device (returned_on, id) WHERE returned_on IS NOT NULL;
    """,
)

ADD_FIRM = "INSERT INTO register_firm (subject) VALUES (?) ON CONFLICT DO NOTHING"
IS_FIRM = "SELECT 1 FROM register_firm WHERE subject = ?"
ADD_REPRESENTATION = "INSERT INTO register_representation (firm, person, role, since, until) VALUES (?, ?, ?, ?, ?)"
END_REPRESENTATION = "UPDATE register_representation SET until = ? WHERE firm = ? AND person = ? AND until IS NULL"
REPRESENTATIONS = (
    "SELECT firm, person, role, since, until FROM register_representation WHERE {column} = ? ORDER BY since"
)
ADD_DOSSIER = (
    "INSERT INTO register_dossier (id, number, kind, purpose, opened_on, closed_on) VALUES (?, ?, ?, ?, ?, NULL)"
)
ADD_INVOLVED = "INSERT INTO register_involved (subject, dossier, role) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
ADD_EVENT = "INSERT INTO register_event (dossier, trigger_name, happened_on) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
CLOSE = "UPDATE register_dossier SET closed_on = ? WHERE id = ?"
DOSSIER = "SELECT id, number, kind, purpose, opened_on, closed_on FROM register_dossier WHERE id = ?"
NUMBERED = "SELECT id FROM register_dossier WHERE kind = ? AND number = ?"
ALL_IDS = "SELECT id FROM register_dossier WHERE id > ? ORDER BY id LIMIT 500"
PEOPLE = "SELECT subject, role FROM register_involved WHERE dossier = ? ORDER BY subject"
EVENTS = "SELECT trigger_name, happened_on FROM register_event WHERE dossier = ? ORDER BY happened_on, trigger_name"
DOSSIERS_OF = "SELECT dossier FROM register_involved WHERE subject = ? ORDER BY dossier"
FORGET_INVOLVED = "DELETE FROM register_involved WHERE subject = ?"
FORGET_FIRM = "DELETE FROM register_firm WHERE subject = ?"
FORGET_REPRESENTATIONS = "DELETE FROM register_representation WHERE firm = ? OR person = ?"
COUNT_REPRESENTATIONS = "SELECT count(*) FROM register_representation WHERE firm = ? OR person = ?"
DROP_EVENTS = "DELETE FROM register_event WHERE dossier = ?"
INVOLVEMENTS = (
    "SELECT subject, role, kind, opened_on, closed_on FROM register_involved "
    "JOIN register_dossier ON register_dossier.id = register_involved.dossier {where} ORDER BY subject, dossier"
)
FIRMS = "SELECT subject FROM register_firm"
DROP_DOSSIER = "DELETE FROM register_dossier WHERE id = ?"

ADD_DEVICE = "INSERT INTO register_device (id, subject, dossier, role, received_on, returned_on, wiped_on) VALUES (?, ?, ?, ?, ?, NULL, NULL)"
DEVICE = "SELECT id, subject, dossier, role, received_on, returned_on, wiped_on FROM register_device WHERE id = ?"
DEVICES = "SELECT id, subject, dossier, role, received_on, returned_on, wiped_on FROM register_device ORDER BY received_on, id"
IN_HAND = (
    "SELECT id, subject, dossier, role, received_on, returned_on, wiped_on FROM register_device WHERE returned_on IS NULL "
    "ORDER BY received_on, id LIMIT ? OFFSET ?"
)
COUNT_IN_HAND = "SELECT COUNT(*) FROM register_device WHERE returned_on IS NULL"
GIVEN_BACK = (
    "SELECT id, subject, dossier, role, received_on, returned_on, wiped_on FROM register_device WHERE returned_on IS NOT NULL "
    "ORDER BY returned_on DESC, id DESC LIMIT ?"
)
DEVICES_AFTER = "SELECT id, subject, dossier, role, received_on, returned_on, wiped_on FROM register_device WHERE id > ? ORDER BY id LIMIT ?"
RETURN_DEVICE = "UPDATE register_device SET returned_on = ? WHERE id = ?"
WIPE_DEVICE = "UPDATE register_device SET wiped_on = ? WHERE id = ?"
FORGET_DEVICES = "DELETE FROM register_device WHERE subject = ?"
ADD_IMAGE = "INSERT INTO register_image (name, device, item) VALUES (?, ?, ?)"
IMAGE = "SELECT item FROM register_image WHERE name = ? AND device = ?"
IMAGES_OF = "SELECT name, item FROM register_image WHERE device = ? ORDER BY name"
ALL_IMAGES = "SELECT name, item FROM register_image ORDER BY name"
DROP_IMAGE = "DELETE FROM register_image WHERE name = ?"
ADD_CERTIFICATE = (
    "INSERT INTO register_certificate (digest, paper, issued_on, destroyed, method, since) VALUES (?, ?, ?, ?, ?, ?)"
)
CERTIFICATE = "SELECT paper, issued_on, destroyed, method, since FROM register_certificate WHERE digest = ?"


def dossier(engine: Engine, dossier_id: str) -> Dossier | None:
    """Return a dossier with the people in it and its events, or None."""
    rows = engine.execute(DOSSIER, (dossier_id,))
    if not rows:
        return None
    id_, number, kind, purpose, opened_on, closed_on = cast("tuple[str, str, str, str, str, str | None]", rows[0])
    return Dossier(
        id=DossierId(id_),
        number=number,
        kind=DossierKind(kind),
        purpose=PurposeId(purpose),
        opened_on=date.fromisoformat(opened_on),
        closed_on=date.fromisoformat(closed_on) if closed_on else None,
        people=tuple(
            Involved(SubjectId(str(subject)), cast("Role", role)) for subject, role in engine.execute(PEOPLE, (id_,))
        ),
        events=tuple(
            DossierEvent(Trigger(str(name)), date.fromisoformat(str(on))) for name, on in engine.execute(EVENTS, (id_,))
        ),
    )


def all_dossiers(engine: Engine, after: str = "") -> Iterator[Dossier]:
    """Yield every dossier whose id comes after ``after``, in order of id, a page at a time."""
    last = after
    while page := engine.execute(ALL_IDS, (last,)):
        for (id_,) in page:
            last = str(id_)
            found = dossier(engine, last)
            if found:
                yield found


def representations(engine: Engine, column: str, subject: SubjectId) -> tuple[Representation, ...]:
    """Return the representations in which ``subject`` stands in ``column`` (``firm`` or ``person``)."""
    return tuple(map(_representation, engine.execute(REPRESENTATIONS.format(column=column), (subject,))))


def _representation(row: Row) -> Representation:
    firm, person, role, since, until = row
    return Representation(
        SubjectId(str(firm)),
        SubjectId(str(person)),
        cast("RepresentationRole", role),
        date.fromisoformat(str(since)),
        date.fromisoformat(str(until)) if until else None,
    )


def involvements(engine: Engine, subject: SubjectId | None) -> Iterator[Involvement]:
    """Yield who is in which kind of dossier: one subject, or all."""
    asked = ("WHERE subject = ?", (subject,)) if subject else ("", ())
    for row in engine.execute(INVOLVEMENTS.format(where=asked[0]), asked[1]):
        yield Involvement(
            SubjectId(cast("str", row[0])),
            cast("Role", row[1]),
            DossierKind(cast("str", row[2])),
            date.fromisoformat(cast("str", row[3])),
            date.fromisoformat(cast("str", row[4])) if row[4] else None,
        )


def firms(engine: Engine) -> frozenset[SubjectId]:
    """Return the subjects that are firms."""
    return frozenset(SubjectId(cast("str", row[0])) for row in engine.execute(FIRMS))
