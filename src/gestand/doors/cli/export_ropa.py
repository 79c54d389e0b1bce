"""``gestand export``: the record of processing (Article 30), for people and for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError

if TYPE_CHECKING:
    from gestand.evidence.ropa import RecordOfProcessing

Language = Annotated[str, typer.Option("--language", help="Of what people read: nl or en.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the group."""
    app.command("ropa")(ropa)
    app.command("dpv")(dpv)
    app.command("fideslang")(fideslang)


def ropa(
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write it as a workbook.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF that a screen reader reads.")] = None,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Show or write the record of processing: declared, observed, and the difference; 1 if something is there undeclared."""
    from gestand.evidence.ropa_sheets import sheets_of, to_json

    record = _record(org)
    if xlsx is not None:
        from gestand.evidence.ropa_files import workbook

        _write(xlsx, workbook(record, language))
    if pdf is not None:
        from gestand.evidence.ropa_files import pdf as made

        _write(pdf, made(record, language))
    if as_json:
        emit(to_json(record))
    elif xlsx is None and pdf is None:
        for sheet in sheets_of(record, language):
            table(sheet.title, sheet.head, sheet.rows)
    else:
        say(
            f"{len(record.activities)} activities, {len(record.recipients)} recipients; {len(record.deviations)} deviations."
        )
    if record.deviations:
        raise typer.Exit(1)


def dpv(
    jsonld: Annotated[Path | None, typer.Option("--jsonld", help="Write it as JSON-LD.")] = None,
    turtle: Annotated[Path | None, typer.Option("--turtle", help="Write it as Turtle.")] = None,
    base: Annotated[
        str, typer.Option("--base", help="The address your own names hang on; your website if left out.")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Write the record in the Data Privacy Vocabulary of W3C, held against shapes first; needs the extra dpv."""
    from gestand.evidence import dpv as vocabulary

    record = _record(org)
    graph = vocabulary.graph_of(record, base or record.policy.controller.website)
    vocabulary.validate(graph)
    written = []
    for path, form in ((jsonld, "json-ld"), (turtle, "turtle")):
        if path is not None:
            _write(path, vocabulary.to_text(graph, form).encode())
            written.append(str(path))
    if as_json:
        emit({"triples": len(graph), "valid": True, "files": written})
    elif written:
        say(f"{len(graph)} statements, valid; written: {', '.join(written)}")
    else:
        say(vocabulary.to_text(graph, "turtle"))


def fideslang(
    file: Annotated[Path, typer.Argument(help="The file to write, as YAML.")], org: Org = HERE, as_json: Json = False
) -> None:
    """Write the record as a Fideslang manifest."""
    from gestand.evidence.fideslang import manifest

    record = _record(org)
    _write(file, manifest(record).encode())
    if as_json:
        emit({"declarations": len(record.activities), "file": str(file)})
    else:
        say(f"{len(record.activities)} declarations written to {file}.")


def _record(org: Path) -> RecordOfProcessing:
    from gestand.doors.house import world_of
    from gestand.evidence.ropa import record_of
    from gestand.system import open_system

    with open_system(org) as house:
        return record_of(world_of(house))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise UsageError(
            "cannot-write", f"it could not be written: {fault.strerror}", where=str(path), remedy="Name another file."
        ) from None
