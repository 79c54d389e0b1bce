"""``gestand disclose``: give data to a recipient, and tell recipients what changed; the orders stand in ``disclose_orders``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli import disclose_orders
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, RecipientId, SubjectId
from gestand.sharing.desk import refusal
from gestand.sharing.model import Form, How, Package

app = typer.Typer()
Subjects = Annotated[list[str], typer.Option("--subject", help="Whose data; once for each.")]
Fields = Annotated[list[str], typer.Option("--field", help="Which field, as category.field; once for each.")]
Out = Annotated[Path, typer.Option("--out", help="The folder in which the sealed package is put.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command()
def make(
    recipient: Annotated[str, typer.Argument(help="The recipient, as policy.toml names it.")],
    subject: Subjects,
    field: Fields,
    purpose: Annotated[str, typer.Option("--purpose", help="The purpose, as policy.toml names it.")],
    ground: Annotated[str, typer.Option("--ground", help="The ground that the statement names for it.")],
    out: Out = HERE,
    form: Annotated[Form, typer.Option("--format", help="How it is written before it is sealed.")] = Form.JSON,
    sealed_to: Annotated[
        str, typer.Option("--sealed-to", help="The recipient's age key, where agreements.toml has none.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why now, for your own file.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge it, and open nothing.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Give data to a recipient: only what the statement names for it, sealed to its key."""
    from gestand.system import open_system

    fields = tuple(map(FieldPath, field))
    with open_system(org) as house:
        judged = house.sharing.judge(RecipientId(recipient), fields, PurposeId(purpose), ground)
        if not judged.allowed and not as_json:
            raise refusal(judged.against, "giving this")
        if dry_run or not judged.allowed:
            _judged(judged.allowed, [str(one) for one in judged.against], judged.warnings, as_json=as_json)
            if not judged.allowed:
                raise typer.Exit(RefusedError.exit_status)
            return
        made = house.sharing.disclose(
            RecipientId(recipient),
            tuple(map(SubjectId, subject)),
            fields,
            PurposeId(purpose),
            ground,
            actor=ActorId(actor),
            reason=reason,
            form=form,
            sealed_to=sealed_to,
            deliver=lambda package: write(package, out),
        )
    given(made, out, judged.warnings, as_json=as_json)


def write(package: Package, out: Path) -> None:
    """Write a package, for its owner alone, on stable storage.

    :raises UsageError: ``file-exists``, ``cannot-write``.
    """
    place = out / package.file_name
    try:
        out.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(package.sealed)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise UsageError(
            "file-exists", "there is a file already", where=str(place), remedy="Name another folder."
        ) from None
    except OSError as fault:
        raise UsageError(
            "cannot-write",
            f"the package could not be written: {fault.strerror}",
            where=str(place),
            remedy="Name another folder.",
        ) from None


def given(made: Package, out: Path, warnings: Sequence[str], *, as_json: bool) -> None:
    """Tell what was given."""
    one = made.disclosure
    counts = {"subjects": len(one.given), "data": one.values, "refused": one.refused}
    if as_json:
        emit(
            document(
                one.id, allowed=True, why=warnings, counts=counts, file=str(out / made.file_name), package=one.package
            )
        )
        return
    say(f"{one.id}: {one.values} data of {len(one.given)} people for {one.recipient}, in {out / made.file_name}.")
    if one.refused:
        say(f"{one.refused} data were not opened for this purpose and are not in it.")
    for warning in warnings:
        say(f"Note: {warning}.")


def document(
    name: str | None, *, allowed: bool, why: Sequence[str] = (), due: str | None = None,
    counts: Mapping[str, int] | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return the form that every command of this group has."""
    return {"id": name, "allowed": allowed, "why": list(why), "due": due, "counts": dict(counts or {}), **more}


def _judged(allowed: bool, against: Sequence[str], warnings: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        emit(document(None, allowed=allowed, why=[*against, *warnings]))
        return
    for warning in warnings:
        say(f"Note: {warning}.")
    say("The statement allows it. Nothing was opened.")


@app.command("list")
def list_disclosures(
    subject: Annotated[
        str, typer.Option("--subject", help="Only what was given about this subject, as they may see it.")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """List what was given, to whom and for what. With --subject: what that person may be shown."""
    from gestand.system import open_system

    with open_system(org) as house:
        if subject:
            rows = [
                (one.on.isoformat(), one.recipient.en, one.purpose.en, ", ".join(f.en for f in one.fields), "", "given" if one.certain else "in doubt")
                for one in house.sharing.shared_with(SubjectId(subject))
            ]  # fmt: skip
        else:
            rows = [
                (
                    local_date(one.at).isoformat(),
                    one.recipient,
                    one.purpose,
                    ", ".join(one.fields),
                    one.id,
                    str(one.stage),
                )
                for one in house.sharing.disclosures()
            ]
    if as_json:
        emit([dict(zip(("on", "recipient", "purpose", "fields", "id", "stage"), row, strict=True)) for row in rows])
        return
    table("Given to others", ("on", "to", "for", "fields", "id", "stage"), rows)


@app.command()
def recipients(org: Org = HERE, as_json: Json = False) -> None:
    """Hold every recipient of the statement against the register of agreements (Article 28(3)); 1 if one does not hold."""
    from gestand.sharing.agreements import ends, judge_agreement
    from gestand.system import open_system

    with open_system(org) as house:
        today = local_date(house.clock())
        found = []
        for name, one in house.publication.in_force().policy.recipients.items():
            agreement = house.sharing.agreements.get(name)
            against, warnings = judge_agreement(name, one, agreement, today, "")
            end = ends(one, agreement)
            found.append(
                (
                    name,
                    one.role,
                    one.country,
                    end.isoformat() if end else None,
                    [*map(str, against), *warnings],
                    not against,
                )
            )
    if as_json:
        emit(
            [
                document(name, allowed=holds, why=why, due=end, role=role, country=country)
                for name, role, country, end, why, holds in found
            ]
        )
    else:
        rows = [(n, role, country, end or "", "; ".join(why) or "holds") for n, role, country, end, why, _ in found]
        table("Recipients and their agreements", ("recipient", "role", "country", "ends", "standing"), rows)
    if not all(holds for *_, holds in found):
        raise typer.Exit(1)


@app.command()
def due(org: Org = HERE, as_json: Json = False) -> None:
    """List what recipients (Article 19), and people after a secret order, are still to be told."""
    from gestand.system import open_system

    with open_system(org) as house:
        telling = house.sharing.to_tell()
        people = house.sharing.orders_to_tell()
    if as_json:
        emit([
            *(document(t.id, allowed=True, why=[str(t.what)], due=t.due.isoformat(), counts={"people": len(t.numbers)},
                       recipient=t.recipient, disclosure=t.disclosure) for t in telling),
            *(document(o.id, allowed=True, why=["the secrecy of this order is over"], counts={"people": len(o.demand.subjects)}) for o in people),
        ])  # fmt: skip
        return
    rows = [(t.id, t.due.isoformat(), t.name or t.recipient, str(t.what), f"{len(t.numbers)} people") for t in telling]
    rows += [(o.id, "now", "the people themselves", "an order", f"{len(o.demand.subjects)} people") for o in people]
    table("To be told", ("id", "before", "whom", "what", "of"), rows)


@app.command()
def tell(
    telling: Annotated[str, typer.Argument(metavar="ID", help="What was due, from 'disclose due'.")],
    how: Annotated[How, typer.Option("--how", help="Told, or why not.")] = How.TOLD,
    proof: Annotated[
        str, typer.Option("--proof", help="How you know; or the reason why it cannot be. Empty: show the letter.")
    ] = "",
    language: Annotated[str, typer.Option("--language", help="Of the letter: nl or en.")] = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show the letter for a recipient; with --proof record that it was told, or why that cannot be."""
    from gestand.system import open_system

    with open_system(org) as house:
        if not proof:
            letter = house.sharing.telling_letter(telling, language=language)
            emit(document(telling, allowed=True, letter=letter)) if as_json else say(letter)
            return
        done = house.sharing.told(telling, how, proof=proof, actor=ActorId(actor))
    if as_json:
        emit(document(done.id, allowed=True, why=[str(done.how)], due=None, counts={"people": len(done.numbers)}))
    else:
        say(f"{done.id}: {done.how}.")


disclose_orders.add_to(app)
