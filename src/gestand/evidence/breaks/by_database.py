"""Violations through the database: a hand that writes into the tables past the program."""

from __future__ import annotations

from collections.abc import Sequence

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.ids import ActorId, SubjectId
from gestand.rights.model import IdentityLevel
from gestand.storage.engine import Value
from gestand.vault.place import item_place, subject_bytes

A_LONG_TIME = 4000  # days


def _write(sandbox: Sandbox, *statements: tuple[str, Sequence[Value]]) -> World:
    """Run SQL past the program, and look at the organisation as it is when it is opened next."""
    engine = sandbox.world().engine
    with engine.transaction():
        for sql, parameters in statements:
            engine.execute(sql, parameters)
    sandbox.close()
    return sandbox.world()


def _activity(sandbox: Sandbox, field: str, subject: SubjectId | None = None) -> Value:
    """Return the number of the activity under which a field of a subject lies."""
    rows = sandbox.world().engine.execute(
        "SELECT vault_item.activity FROM vault_item JOIN vault_activity ON vault_activity.activity = vault_item.activity "
        "WHERE subject = ? AND field = ?",
        (subject_bytes(subject or sandbox.known.customer), field),
    )
    return rows[0][0]


def field_without_purpose(sandbox: Sandbox) -> World:
    """An old import wrote a column that the statement does not know."""
    row = _activity(sandbox, "contact.phone")
    return _write(sandbox, ("UPDATE vault_activity SET field = 'contact.birthdate' WHERE activity = ?", (row,)))


def held_for_another_purpose(sandbox: Sandbox) -> World:
    """A marketing export marked the customers' notes as collected for the newsletter."""
    row = _activity(sandbox, "service.wishes")
    sql = "UPDATE vault_activity SET purposes = 'service newsletter' WHERE activity = ?"
    return _write(sandbox, (sql, (row,)))


def unpublished_version(sandbox: Sandbox) -> World:
    """Data were migrated under a version number that was never published."""
    row = _activity(sandbox, "contact.name", sandbox.known.erased)
    return _write(sandbox, ("UPDATE vault_activity SET version = '2026-12-24' WHERE activity = ?", (row,)))


def dossier_lost(sandbox: Sandbox) -> World:
    """Someone tidied up the table of dossiers, and their data stayed."""
    return _write(
        sandbox,
        ("DELETE FROM register_event", ()),
        ("DELETE FROM register_involved", ()),
        ("DELETE FROM register_dossier", ()),
    )


def due_date_moved(sandbox: Sandbox) -> World:
    """Someone moved the dates on which data leave, to keep them longer than was promised."""
    return _write(
        sandbox,
        (
            "UPDATE vault_item SET due = due + ? WHERE due IS NOT NULL AND subject = ?",
            (A_LONG_TIME, subject_bytes(sandbox.known.erased)),
        ),
    )


def erased_row_back(sandbox: Sandbox) -> World:
    """A copy of the table from before the erasure was loaded over it."""
    world = sandbox.world()
    erased = [
        row[0] for request in world.requests.all() for row in world.requests.decisions(request.id) if row[2] == "erase"
    ]
    subject, number = item_place(erased[0])  # type: ignore[arg-type]  # written from an ItemId
    sql = (
        "INSERT INTO vault_item (subject, item, activity, bucket, state, collected, trigger_on, due, dossier, token, sealed) "
        "SELECT subject, ?, activity, bucket, state, collected, trigger_on, due, dossier, token, sealed "
        "FROM vault_item WHERE subject = ? ORDER BY item LIMIT 1"
    )
    return _write(sandbox, (sql, (number, subject)))


def request_lost(sandbox: Sandbox) -> World:
    """A request was thrown away instead of answered."""
    return _write(sandbox, ("DELETE FROM request WHERE state = 'received'", ()))


def answered_around_the_ledger(sandbox: Sandbox) -> World:
    """Someone answered a request from a copy of the data, and only ticked it off."""
    world = sandbox.world()
    [asked] = [request for request in world.requests.all() if request.open]
    world.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=ActorId("owner"))
    sql = "UPDATE request SET state = 'closed', outcome = 'answered', closed_at = ? WHERE id = ?"
    return _write(sandbox, (sql, (sandbox.clock().isoformat(), asked.id)))


def answered_to_a_stranger(sandbox: Sandbox) -> World:
    """Someone did what a letter asked and never asked who wrote it."""
    sql = "UPDATE request SET state = 'closed', outcome = 'nothing-held', closed_at = ? WHERE state = 'received'"
    return _write(sandbox, (sql, (sandbox.clock().isoformat(),)))


def source_blank(sandbox: Sandbox) -> World:
    """A migration lost where data came from."""
    row = _activity(sandbox, "contact.name")
    return _write(sandbox, ("UPDATE vault_activity SET source = '' WHERE activity = ?", (row,)))


def reason_blank(sandbox: Sandbox) -> World:
    """The reason why something was kept was wiped."""
    return _write(sandbox, ("UPDATE request_decision SET ground = '', why_nl = '' WHERE decision <> 'erase'", ()))


def correction_undone(sandbox: Sandbox) -> World:
    """A restore of one table undid a correction."""
    return _write(sandbox, ("DELETE FROM vault_rectification", ()), ("UPDATE vault_item SET state = state & ~2", ()))


def restriction_undone(sandbox: Sandbox) -> World:
    """A script made restricted data usable again."""
    return _write(sandbox, ("DELETE FROM vault_restriction", ()), ("UPDATE vault_item SET state = state & ~1", ()))


def objection_undone(sandbox: Sandbox) -> World:
    """A clean-up of marketing preferences removed the objections."""
    return _write(sandbox, ("DELETE FROM vault_objection", ()), ("UPDATE vault_subject SET objected = 0", ()))


def consent_invented(sandbox: Sandbox) -> World:
    """Someone ticked the box for a customer who never did."""
    [(bit,)] = sandbox.world().engine.execute("SELECT bit FROM vault_purpose WHERE purpose = 'newsletter'")
    assert isinstance(bit, int)
    sql = "UPDATE vault_subject SET consented = consented | ? WHERE subject = ?"
    return _write(sandbox, (sql, (1 << bit, subject_bytes(sandbox.known.asking))))


BREAKS = (
    Break("fields-have-purpose", field_without_purpose.__doc__ or "", field_without_purpose),
    Break("minimal-fields-accepted", held_for_another_purpose.__doc__ or "", held_for_another_purpose),
    Break("collected-under-statement", unpublished_version.__doc__ or "", unpublished_version),
    Break("dossier-gives-purpose", dossier_lost.__doc__ or "", dossier_lost),
    Break("retention-within-period", due_date_moved.__doc__ or "", due_date_moved),
    Break("erasure-real", erased_row_back.__doc__ or "", erased_row_back),
    Break("requests-taken-by-every-channel", request_lost.__doc__ or "", request_lost),
    Break("openings-recorded", answered_around_the_ledger.__doc__ or "", answered_around_the_ledger),
    Break("identity-judged-first", answered_to_a_stranger.__doc__ or "", answered_to_a_stranger),
    Break("access-answer-complete", source_blank.__doc__ or "", source_blank),
    Break("refusals-explained", reason_blank.__doc__ or "", reason_blank),
    Break("rectification-carried", correction_undone.__doc__ or "", correction_undone),
    Break("restriction-honoured", restriction_undone.__doc__ or "", restriction_undone),
    Break("objection-honoured", objection_undone.__doc__ or "", objection_undone),
    Break("consent-on-record", consent_invented.__doc__ or "", consent_invented),
)
