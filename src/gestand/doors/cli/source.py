"""``gestand source``: other systems that hold copies of personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId

app = typer.Typer()
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of its file in sources/, without .toml.")]
Values = Annotated[
    list[str],
    typer.Argument(metavar="VALUE...", help="What is known of the person: address, number, name; or KIND=VALUE."),
]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command("list")
def list_sources(org: Org = HERE, as_json: Json = False) -> None:
    """List the systems that are declared."""
    from gestand.system import open_system

    with open_system(org) as house:
        files = house.sources.files()
    if as_json:
        emit({"sources": [{"name": f.name, "kind": f.declared.kind, "file": f.file} for f in files]})
        return
    table("Sources", ("name", "kind", "title"), [(f.name, f.declared.kind, f.declared.title.nl) for f in files])


@app.command("test")
def compare(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="Which; all if left out.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Connect, and compare what is declared with what is there; what looks personal and is not declared is an error."""
    _tested(org, names or [], as_json=as_json)


@app.command()
def scan(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="Which; all if left out.")] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Test, and count what each system holds in the places that are declared."""
    _tested(org, names or [], as_json=as_json, count=True)


def _tested(org: Path, names: list[str], *, as_json: bool, count: bool = False) -> None:
    from gestand.system import open_system

    with open_system(org) as house:
        chosen = names or list(house.sources.names())
        problems = house.sources.test(chosen)
        faulty = {problem.file for problem in problems}
        counts = {
            name: house.sources.one(name).count() for name in chosen if count and f"sources/{name}.toml" not in faulty
        }
    if as_json:
        emit(
            {
                "id": ", ".join(chosen),
                "allowed": not problems,
                "why": [str(problem.message) for problem in problems],
                "due": None,
                "counts": counts,
                "problems": [
                    {"file": p.file, "line": p.line, "code": p.code, "message": p.message, "remedy": p.remedy}
                    for p in problems
                ],
            }
        )
    elif not problems:
        for name in chosen:
            say(f"{name}: in order" + (f", {counts[name]} rows, messages or files." if name in counts else "."))
    if problems:
        if not as_json:
            for problem in problems:
                say(str(problem))
        raise typer.Exit(1)


@app.command()
def look(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="Which; all if left out.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Test, look whether anything of who was erased is back, and record what was seen; 'gestand serve' does so daily."""
    from gestand.system import open_system

    with open_system(org) as house:
        for name in names or ():
            house.sources.one(name)  # refuses a name that is none
        seen = house.sources.upkeep.look(names or (), actor=ActorId(actor))
    if as_json:
        emit(
            {
                "systems": [
                    {
                        "source": one.source,
                        "at": one.at.isoformat(),
                        "sound": one.sound,
                        "problems": [str(problem) for problem in one.problems],
                        "back": one.back,
                        "uncompared": list(one.uncompared),
                    }
                    for one in seen
                ]
            }
        )
    else:
        for one in seen:
            back = (
                "of who was erased nothing can be compared" if one.back is None else f"{one.back} erased rows are back"
            )
            say(f"{one.source}: {len(one.problems)} faults; {back}.")
            for name in one.uncompared:
                say(
                    f"  '{name}' cannot be compared: name the call that lists its records, all = {{ path = \"/...\" }}."
                )
            for problem in one.problems:
                say(f"  {problem}")
    if not all(one.sound for one in seen):
        raise typer.Exit(1)


@app.command()
def retire(
    name: Name,
    reason: Annotated[str, typer.Option("--reason", help="What became of it; it stands in the ledger.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Say what became of a system whose file you removed: without that, a control asks where it is."""
    from gestand.system import open_system

    with open_system(org) as house:
        house.sources.upkeep.retire(name, reason=reason, actor=ActorId(actor))
    if as_json:
        emit({"source": name, "retired": True})
    else:
        say(f"{name} is retired.")


@app.command()
def find(
    values: Values,
    source: Annotated[list[str] | None, typer.Option("--source", help="Only in this one.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why you look; it stands in the ledger.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Search other systems for a person, by what you know of them."""
    from gestand.doors.cli.copies import show_found
    from gestand.system import open_system

    if not reason.strip():
        raise UsageError(
            "reason", "nobody is searched for without a reason", where="--reason", remedy="Say why you look."
        )
    known = [_known(value) for value in values]
    with open_system(org) as house:
        found = house.sources.find(known, names=source or ())
        house.sources.told(found, actor=ActorId(actor), reason=reason)
    show_found(found, as_json=as_json)


def _known(text: str) -> Any:
    from gestand.reading.kinds import guess_kind
    from gestand.sources.model import Known
    from gestand.statement.policy import FieldKind

    kind, equals, value = text.partition("=")
    if equals and kind in set(FieldKind):
        return Known(FieldKind(kind), value, "typed")
    guessed = guess_kind(text)
    if guessed is None:
        raise UsageError(
            "source-value",
            f"what '{text}' is cannot be told from its form",
            remedy="Say so: email=…, phone=…, name=…, customer_number=…, iban=….",
        )
    return Known(guessed, text, "typed")


@app.command()
def rectify(
    values: Values,
    field: Annotated[str, typer.Option("--field", help="The field that is wrong, such as contact.street.")],
    wrong: Annotated[str, typer.Option("--wrong", help="What it says now.")],
    right: Annotated[str, typer.Option("--right", help="What it should say.")],
    note: Annotated[str, typer.Option("--note", help="What is attached to issued documents.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Put a right value in place of a wrong one in every system (Article 16); invoices are not rewritten."""
    from gestand.sources.model import Correction
    from gestand.system import open_system

    known = [_known(value) for value in values]
    with open_system(org) as house:
        done = house.sources.rectify(known, [Correction(field, wrong, right)], note=note, actor=ActorId(actor))
    if as_json:
        emit(
            [
                {
                    "source": one.source,
                    "changed": one.changed,
                    "attached": one.attached,
                    "to_attach": one.to_attach,
                    "conflicts": [{"place": c.place, "field": c.field, "says": c.says} for c in one.conflicts],
                }
                for one in done
            ]
        )
        return
    for one in done:
        say(
            f"{one.source}: {one.changed} corrected, {one.attached} notes attached, {one.to_attach} to keep in the file."
        )
        for conflict in one.conflicts:
            say(f"  {conflict.place} says something else: {conflict.says}")


@app.command()
def introspect(
    name: Name,
    dsn: Annotated[str, typer.Option("--dsn", help="Where the connection string is: env:NAME or file:PATH.")] = "",
    path: Annotated[str, typer.Option("--path", help="An SQLite file, from the organisation's folder.")] = "",
    schema: Annotated[str, typer.Option("--schema", help="The schema, where it is not the default one.")] = "",
    person: Annotated[str, typer.Option("--person", help="The table of persons, where it is not found.")] = "",
    near: Annotated[bool, typer.Option("--near", help="It stands on this machine or in a private network.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write sources/NAME.toml, if it is not there yet.")] = False,
    org: Org = HERE,
) -> None:
    """Propose a mapping from the live schema, for you to review: the draft is refused until you decided what it leaves open."""
    from gestand.sources.proposing import draft
    from gestand.system import open_system

    with open_system(org) as house:
        text = draft(name, house.sources.place(), dsn=dsn, path=path, schema=schema, person=person, near=near)
        target = house.config.folder / "sources" / f"{name}.toml"
    _written(text, target, write=write)


@app.command("import-fideslang")
def import_fideslang(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A dataset in Fideslang YAML.")],
    dsn: Annotated[
        str, typer.Option("--dsn", help="Where the connection string is: env:NAME or file:PATH.")
    ] = "env:DSN",
    write: Annotated[bool, typer.Option("--write", help="Write sources/NAME.toml, if it is not there yet.")] = False,
    org: Org = HERE,
) -> None:
    """Make a mapping from a dataset in Fideslang YAML, for you to review."""
    from gestand.sources.fideslang import mapping_of
    from gestand.system import open_system

    try:
        content = file.read_bytes()
    except OSError as fault:
        raise UsageError(
            "file-unreadable", f"it cannot be read: {fault.strerror}", where=str(file), remedy="Name a file."
        ) from None
    with open_system(org) as house:
        text = mapping_of(content, str(file), house.statements.in_force().policy, dsn=dsn)
        target = house.config.folder / "sources" / f"{name}.toml"
    _written(text, target, write=write)


@app.command()
def preset(
    which: Annotated[str, typer.Argument(metavar="[PRESET]", help="Which; the list if left out.")] = "",
    name: Annotated[str, typer.Option("--name", help="The name of the source; that of the preset if left out.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Write sources/NAME.toml, if it is not there yet.")] = False,
    org: Org = HERE,
) -> None:
    """Show or write a mapping for a known system, for you to review."""
    from gestand.sources.presets import preset_of, presets

    if not which:
        table("Presets", ("preset", "for"), presets())
        return
    _written(preset_of(which), org / "sources" / f"{name or which}.toml", write=write)


def _written(text: str, target: Path, *, write: bool) -> None:
    if not write:
        say(text.rstrip("\n"))
        return
    if target.exists():
        raise UsageError(
            "source-exists", "it is there already", where=str(target), remedy="Choose another name, or remove it."
        )
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, "utf-8")
    say(f"Written to {target}. Review every line, then run 'gestand source test {target.stem}'.")
