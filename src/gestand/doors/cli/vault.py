"""``gestand vault``: one verb on a whole set of data, by person, purpose, shelf, recipient or due date; and the check of every seal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId, PurposeId, ShelfId, SubjectId

if TYPE_CHECKING:
    from gestand.system import System
    from gestand.vault.model import Reach, Where

app = typer.Typer()
OWNER = ActorId("owner")
Subjects = Annotated[list[str] | None, typer.Option("--subject", help="Of this person (sub_...); may be repeated.")]
Purpose = Annotated[str | None, typer.Option("--purpose", help="Collected for this purpose.")]
Shelf = Annotated[str | None, typer.Option("--shelf", help="On this shelf.")]
Recipient = Annotated[str, typer.Option("--recipient", help="What this recipient gets, as the statement says.")]
Due = Annotated[datetime | None, typer.Option("--due-by", formats=["%Y-%m-%d"], help="Due on or before this day.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would touch.")]
Why = Annotated[str, typer.Option("--reason", help="Why; it stands in the ledger.")]
Day = Annotated[
    datetime | None,
    typer.Option("--due", formats=["%Y-%m-%d"], help="The first day on which it must be gone; left out: no date yet."),
]
Since = Annotated[
    datetime | None,
    typer.Option("--trigger-on", formats=["%Y-%m-%d"], help="The day of the event that starts the period."),
]


@app.command()
def count(
    subject: Subjects = None, purpose: Purpose = None, shelf: Shelf = None, recipient: Recipient = "",
    due_by: Due = None, org: Org = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Say how many persons and data are in a set, and how many of these a legal hold keeps; changes nothing."""
    _run(
        "counted", lambda house, where: house.vault.count_where(where),
        _where(subject, purpose, shelf, recipient, due_by), org, as_json=as_json, dry_run=True,
    )  # fmt: skip


@app.command()
def erase(
    ground: Annotated[str, typer.Option("--ground", help="On which ground, such as 'Article 17(1)(a)'.")],
    subject: Subjects = None, purpose: Purpose = None, shelf: Shelf = None, recipient: Recipient = "",
    due_by: Due = None, dry_run: DryRun = False, org: Org = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Erase a set, keys first, and search again. What a legal hold keeps stays; what the law obliges to keep is refused."""

    def act(house: System, where: Where) -> Reach:
        _refuse_kept_by_law(house, where)
        return house.vault.erase_where(where, ground=ground, actor=OWNER)

    _run("erased", act, _where(subject, purpose, shelf, recipient, due_by), org, as_json=as_json, dry_run=dry_run)


@app.command()
def restrict(
    reason: Why,
    subject: Subjects = None, purpose: Purpose = None, shelf: Shelf = None, recipient: Recipient = "",
    due_by: Due = None, dry_run: DryRun = False, org: Org = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Restrict the processing of a set (Article 18): it opens only to answer the persons it is about."""
    _run(
        "restricted", lambda house, where: house.vault.restrict_where(where, reason=reason, actor=OWNER),
        _where(subject, purpose, shelf, recipient, due_by), org, as_json=as_json, dry_run=dry_run,
    )  # fmt: skip


@app.command()
def release(
    reason: Why,
    subject: Subjects = None, purpose: Purpose = None, shelf: Shelf = None, recipient: Recipient = "",
    due_by: Due = None, dry_run: DryRun = False, org: Org = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Lift the restriction of a set."""
    _run(
        "released", lambda house, where: house.vault.release_where(where, reason=reason, actor=OWNER),
        _where(subject, purpose, shelf, recipient, due_by), org, as_json=as_json, dry_run=dry_run,
    )  # fmt: skip


@app.command()
def due(
    trigger: Annotated[str, typer.Option("--trigger", help="The event that starts the period, as the policy names it.")],
    due: Day = None, trigger_on: Since = None,
    subject: Subjects = None, purpose: Purpose = None, shelf: Shelf = None, recipient: Recipient = "",
    due_by: Due = None, dry_run: DryRun = False, org: Org = HERE, as_json: Json = False,
) -> None:  # fmt: skip
    """Set the due date of a set; what falls due in another year is sealed again under that year's key."""
    _run(
        "dated",
        lambda house, where: house.vault.set_due_where(where, _day(trigger_on), _day(due), trigger=trigger, actor=OWNER),
        _where(subject, purpose, shelf, recipient, due_by), org, as_json=as_json, dry_run=dry_run,
    )  # fmt: skip


@app.command()
def verify(org: Org = HERE, as_json: Json = False) -> None:
    """Read every page of both stores and try every seal; no value leaves. Exit status 4 at the first that is damaged."""
    from gestand.system import open_system

    with open_system(org) as house:
        house.vault.verify()
        seals = house.vault.verify_seals()
        entries = house.ledger.verify().size
        counts = house.vault.counts()
    if as_json:
        emit({"ok": True, "subjects": counts.subjects, "items": seals, "keys": counts.keys, "entries": entries})
        return
    say(
        f"Every page, {seals} seals of {counts.subjects} persons under {counts.keys} keys and {entries} entries: whole."
    )


def _run(
    done: str, act: Callable[[System, Where], Reach], where: Where, org: Org, *, as_json: bool, dry_run: bool
) -> None:
    from gestand.system import open_system

    with open_system(org) as house:
        reach = house.vault.count_where(where) if dry_run else act(house, where)
    if as_json:
        emit(
            {
                "done": not dry_run, "subjects": reach.subjects, "items": reach.items, "held": reach.held,
                "found_afterwards": reach.found_afterwards,
            }
        )  # fmt: skip
        return
    said = "in this set" if dry_run else done
    say(f"{reach.items} data of {reach.subjects} persons {said}; {reach.held} kept by a legal hold.")


def _where(
    subjects: list[str] | None, purpose: str | None, shelf: str | None, recipient: str, due_by: datetime | None
) -> Where:
    from gestand.vault.model import Where

    return Where(
        subjects=tuple(map(SubjectId, subjects or ())),
        purpose=PurposeId(purpose) if purpose else None,
        shelf=ShelfId(shelf) if shelf else None,
        recipient=recipient,
        due_by=_day(due_by),
    )


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()


def _refuse_kept_by_law(house: System, where: Where) -> None:
    """Refuse a set that reaches what is kept under a legal obligation and is not due (GDPR Article 17(3)(b))."""
    from gestand.kernel.clock import local_date
    from gestand.statement.policy import LawfulBasis

    if where.due_by is not None and where.due_by <= local_date(house.clock()):
        return
    policy = house.statements.in_force().policy
    obliged = {one.shelf for one in policy.purposes.values() if one.basis is LawfulBasis.LEGAL_OBLIGATION}
    reached = house.vault.count_where(where) if where.shelf is None else None  # an unbounded set is refused first
    for name in sorted(obliged) if reached is None or reached.items else ():
        if where.shelf in {None, name}:
            kept = house.vault.count_where(replace(where, shelf=ShelfId(name)))
            if kept.items:
                raise RefusedError(
                    "set-kept-by-law",
                    f"{kept.items} data of {kept.subjects} persons in this set are on the shelf '{name}', kept under a "
                    f"legal obligation ({policy.shelves[name].ground})",
                    where=f"policy.toml: shelves.{name}",
                    remedy="Name another --shelf, or only what is due: --due-by with today.",
                )
