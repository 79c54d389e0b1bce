"""gestand subject: the register of persons."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli import subject_import, subject_rights
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import OWNER, date_of, opened, pairs_of
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.kernel.ids import FieldPath, PurposeId, SubjectId
    from gestand.register.context import DatumContext
    from gestand.system import System

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Purpose = Annotated[str, typer.Option("--purpose", help="The purpose of the statement it is for.")]
Fields = Annotated[list[str], typer.Option("--field", help='A datum, as contact.name="Anna de Vries"; repeat it.')]
Source = Annotated[str, typer.Option("--source", help="Where the data come from, in words that name nobody.")]
On = Annotated[str, typer.Option("--on", help="The day of collection, as 2026-12-01; today if left out.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


@app.command("add")
def add(
    purpose: Purpose,
    field: Fields,
    subject: Annotated[str, typer.Option("--subject", help="Add to somebody who is known, by id.")] = "",
    new: Annotated[bool, typer.Option("--new", help="Somebody else, though the e-mail address is known.")] = False,
    dossier: Annotated[str, typer.Option("--dossier", help="The dossier the data belong to.")] = "",
    source: Source = "counter",
    on: On = "",
    firm: Annotated[bool, typer.Option("--firm", help="A firm, not a person.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Admit data of one person or firm: validated, only what the purpose needs, on its shelf."""
    from gestand.kernel.ids import DossierId, PurposeId, SubjectId

    values = pairs_of(field)
    with opened(org) as house:
        if dry_run:
            _say_admission(house, values, PurposeId(purpose), source, as_json=as_json)
            return
        known = () if subject or new else _same_address(house, values)
        admitted = house.intake.admit(
            SubjectId(subject) if subject else None,
            values,
            PurposeId(purpose),
            dossier=DossierId(dossier) if dossier else None,
            source=source,
            actor=OWNER,
            on=date_of(on),
            kind="firm" if firm else "person",
        )
    if known:  # beside what a script reads
        sys.stderr.write(
            f"{', '.join(known)} has this e-mail address too. The same person? Then add with --subject; "
            "if not, --new says so.\n"
        )
    if as_json:
        emit({"subject": admitted, "items": len(values)})
    else:
        say(f"{admitted}: {len(values)} data admitted for '{purpose}'.")


@app.command("find")
def find(
    value: Annotated[
        str, typer.Argument(help="An e-mail address, telephone number, customer number, IP address or name.")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", help="What the value is, where its form does not tell.")] = "",
    like: Annotated[
        str, typer.Option("--like", help="A name that may be spelled otherwise; lists who it may be.")
    ] = "",
    choose: Annotated[str, typer.Option("--choose", help="With --like: the id of the one it is.")] = "",
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Find persons by an identifying value, or by a name that is like theirs, without opening anything."""
    if like:
        _find_like(like, choose, also=bool(value or kind), as_json=as_json, org=org)
    elif value and not choose:
        _find_exactly(value, kind, as_json=as_json, org=org)
    else:
        raise UsageError(
            "nothing-to-find",
            "there is nothing to look for",
            remedy='Give a value, or a name with --like "J. de Vries"; --choose goes with --like.',
        )


def _find_exactly(value: str, kind: str, *, as_json: bool, org: Path) -> None:
    from gestand.reading.identifiers import check_kind
    from gestand.reading.kinds import guess_kind
    from gestand.statement.policy import FieldKind

    if kind and kind not in set(FieldKind):
        raise UsageError("field-kind", f"'{kind}' is no kind of field", remedy="Kinds: " + ", ".join(FieldKind) + ".")
    meant = FieldKind(kind) if kind else guess_kind(value)
    if meant is None:
        raise UsageError(
            "kind-unknown", "the value has no form that is known", remedy="Say what it is with --kind, such as name."
        )
    checked = check_kind(meant, value)
    with opened(org) as house:
        found = house.vault.find(meant, checked if isinstance(checked, str) else value)
    if as_json:
        emit({"kind": str(meant), "subjects": list(found)})
    else:
        say(f"{len(found)} found, looked for as {meant}." if found else f"Nobody found, looked for as {meant}.")
        for one in found:
            say(f"  {one}")


def _find_like(text: str, choose: str, *, also: bool, as_json: bool, org: Path) -> None:
    if also:
        raise UsageError(
            "find-one-way", "look for a value or for a name that is like one, not both", remedy="Leave one of them out."
        )
    with opened(org) as house:
        found = house.vault.find_like(text)
    chosen = next((one for one in found if one.subject == choose), None)
    if choose and chosen is None:
        raise UsageError(
            "candidate-unknown",
            f"{choose} is none of the {len(found)} whose name is like this",
            remedy="Choose one of those that 'gestand subject find --like NAME' lists.",
        )
    if as_json:
        emit(
            {
                "candidates": [
                    {"subject": one.subject, "item": one.item, "confidence": one.confidence, "why": list(one.why)}
                    for one in found
                ],
                "chosen": chosen.subject if chosen else None,
            }
        )
    elif chosen:
        say(f"{chosen.subject}: chosen, {chosen.confidence:.0%} ({', '.join(chosen.why)}).")
    else:
        if found:
            rows = [(one.subject, f"{one.confidence:.0%}", ", ".join(one.why)) for one in found]
            table(
                "1 kandidaat" if len(found) == 1 else f"{len(found)} kandidaten", ("wie", "hoe zeker", "waarom"), rows
            )
        say("Nobody is chosen: look at them, then name one with --choose ID." if found else "Nobody found.")


@app.command("show")
def show(
    subject: Annotated[str, typer.Argument(help="The id of the person.")], as_json: Json = False, org: Org = HERE
) -> None:
    """Show for every datum why it is held, on what basis, from whom, who gets it, when it is erased; no values."""
    from gestand.register.context import context_of

    with opened(org) as house:
        known = _known(house, subject)
        contexts = [
            context_of(held, house.statements.version(held.version) or house.statements.in_force())
            for held in house.vault.holdings(known)
        ]
        dossiers = house.register.dossiers_of(known)
        party = house.register.party(known)
    if as_json:
        emit(
            {
                "subject": subject,
                "kind": party.kind,
                "dossiers": [dossier.id for dossier in dossiers],
                "items": [_context_document(context) for context in contexts],
            }
        )
        return
    table(
        f"{subject} ({party.kind}, {len(dossiers)} dossiers)",
        ("wat", "waarvoor en waarom", "grondslag", "bron", "wie krijgt het", "weg op"),
        [
            (
                context.title + (" (beperkt)" if context.restricted else ""),
                "\n".join(f"{reason.title}: {reason.why}" for reason in context.reasons),
                "\n".join(reason.ground for reason in context.reasons),
                f"{context.source}, {context.collected_on.isoformat()}",
                ", ".join(context.recipients) or "niemand",
                context.until,
            )
            for context in contexts
        ],
    )


@app.command("open")
def open_(
    subject: Annotated[str, typer.Argument(help="The id of the person.")],
    purpose: Purpose,
    reason: Annotated[str, typer.Option("--reason", help="Why now; stands in the ledger, so name nobody.")],
    as_json: Json = False,
    org: Org = HERE,
) -> None:
    """Open what the purpose may see; the rest is listed with the sentence that forbids it."""
    from gestand.kernel.ids import PurposeId

    with opened(org) as house:
        known = _known(house, subject)
        opening = house.vault.open(known, PurposeId(purpose), actor=OWNER, reason=reason)
    if as_json:
        emit(
            {
                "subject": subject,
                "purpose": purpose,
                "entry": opening.entry,
                "items": [
                    {"item": one.holding.item, "field": one.holding.field, "value": one.value} for one in opening.items
                ],
                "refused": [
                    {
                        "item": one.holding.item,
                        "field": one.holding.field,
                        "why": str(one.why),
                        "clause": one.clause,
                        "sentence": one.sentence,
                    }
                    for one in opening.refused
                ],
            }
        )
        return
    table(f"{subject}, for '{purpose}'", ("what", "value"), [(one.holding.field, one.value) for one in opening.items])
    if opening.refused:
        table(
            "stayed closed",
            ("what", "why", "sentence"),
            [(one.holding.field, str(one.why), f"{one.clause} {one.sentence}".strip()) for one in opening.refused],
        )


subject_import.add_to(app)
subject_rights.add_to(app)


# Steps


def _same_address(house: System, values: dict[FieldPath, str]) -> tuple[SubjectId, ...]:
    """Return who has one of these e-mail addresses already."""
    from gestand.statement.policy import FieldKind

    policy = house.statements.in_force().policy
    given = [value for path, value in values.items() if (f := policy.field(path)) and f.kind is FieldKind.EMAIL]
    return tuple(dict.fromkeys(one for value in given for one in house.vault.find(FieldKind.EMAIL, value)))


def _known(house: System, subject: str) -> SubjectId:
    from gestand.kernel.ids import SubjectId

    known = SubjectId(subject)
    if not house.vault.exists(known):
        raise UsageError("subject-unknown", f"there is no subject {subject}", remedy="See 'gestand subject find'.")
    return known


def _say_admission(
    house: System, values: dict[FieldPath, str], purpose: PurposeId, source: str, *, as_json: bool
) -> None:
    from gestand.intake.admission import judge_values

    policy = house.statements.in_force().policy
    sound = judge_values(policy, values, purpose, source)
    shelf = policy.purposes[purpose].shelf
    if as_json:
        emit({"would_admit": [datum.path for datum in sound], "shelf": shelf})
    else:
        say(f"Would admit on shelf '{shelf}': " + ", ".join(f"{datum.path} = {datum.value}" for datum in sound))


def _context_document(context: DatumContext) -> dict[str, Any]:
    return {
        "item": context.item,
        "field": context.field,
        "purposes": [
            {"purpose": r.purpose, "why": r.why, "basis": r.basis, "ground": r.ground} for r in context.reasons
        ],
        "recipients": list(context.recipients),
        "source": context.source,
        "collected_on": context.collected_on.isoformat(),
        "version": context.version,
        "erase_on": context.erase_on.isoformat() if context.erase_on else None,
        "until": context.until,
        "restricted": context.restricted,
        "dossier": context.dossier,
    }
