"""gestand bench: one command for each benchmark; every one prints the machine form of DESIGN 6 with --json.

Doors and benchmarks do not know each other: a benchmark is a module of gestand.bench with ``run``, called by its name.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say, table

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Quick = Annotated[bool, typer.Option("--quick", help="Small sizes, one round: for a glance.")]


@app.callback()
def _bench() -> None:
    """Measure both sides of a promise of speed in one run."""


@app.command("ledger")
def ledger(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Entries to verify.")] = 1_000_000,
    as_json: Json = False,
) -> None:
    """Measure appends by eight processes, waiting and not; verification; opening; a receipt."""
    _run("ledger", as_json=as_json, size=size, quick=quick)


@app.command("intake")
def intake(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Rows to import.")] = 100_000,
    as_json: Json = False,
) -> None:
    """Measure an import on one core: judged, compared, encrypted, dated, in the ledger."""
    _run("intake", as_json=as_json, size=size, quick=quick)


@app.command("outreach")
def outreach(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=100, help="People to judge.")] = 100_000,
    as_json: Json = False,
) -> None:
    """Measure how fast everyone is judged for a campaign: consent, objection, custom, the list of marks."""
    _run("outreach", as_json=as_json, size=size, quick=quick)


@app.command("archive")
def archive(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=100, help="Generated mails.")] = 100_000,
    as_json: Json = False,
) -> None:
    """Measure the e-mail archive against notmuch on the same mail: add, search, people, size, erasure, proof of absence."""
    _run("archive", as_json=as_json, size=size, quick=quick)


@app.command("discover")
def discover(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=100, help="Generated mails.")] = 5_000,
    as_json: Json = False,
) -> None:
    """Measure how fast telephone numbers, addresses, IBANs and the like are found in free text."""
    _run("discover", as_json=as_json, size=size, quick=quick)


@app.command("gdpr")
def gdpr(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Records, ten a subject.")] = 100_000,
    mix: Annotated[str, typer.Option("--mix", help="Only one: regulator, customer, processor or controller.")] = "",
    engine: Annotated[str, typer.Option("--engine", help="Only Gestand on sqlite, or on postgres.")] = "",
    clients: Annotated[int, typer.Option("--clients", help="Only by 1 client, or by 8 on PostgreSQL.")] = 0,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Keep the loaded SQLite files in this folder for the next run.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure GDPRbench's four mixes against plain PostgreSQL and plain SQLite, every answer judged by a model."""
    _run("gdpr.run", as_json=as_json, size=size, quick=quick, mix=mix, engine=engine, clients=clients, cache=cache)


@app.command("erase")
def erase(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Items of the largest subject.")] = 100_000,
    as_json: Json = False,
) -> None:
    """Measure how soon data are unreadable, gone from the files and from backups, and a retention sweep."""
    _run("gdpr.erase", as_json=as_json, size=size, quick=quick)


@app.command("growth")
def growth(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Records at the largest size.")] = 1_000_000,
    as_json: Json = False,
) -> None:
    """Measure what each verb about one subject costs as the store grows tenfold."""
    _run("gdpr.growth", as_json=as_json, size=size, quick=quick)


@app.command("space")
def space(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Records, ten a subject.")] = 100_000,
    as_json: Json = False,
) -> None:
    """Measure every byte kept for each byte of personal data."""
    _run("gdpr.space", as_json=as_json, size=size, quick=quick)


@app.command("rights")
def rights(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Customers; 19.5 rows each.")] = 100_000,
    as_json: Json = False,
) -> None:
    """Measure requests over a shop's database: one person, a hundred in one pass, an erasure of 25,000 rows."""
    _run("rights", as_json=as_json, size=size, quick=quick)


@app.command("retention")
def retention(
    quick: Quick = False,
    size: Annotated[int, typer.Option("--size", min=1000, help="Items in the vault.")] = 1_000_000,
    as_json: Json = False,
) -> None:
    """Measure a plan of what leaves over a large store."""
    _run("retention", as_json=as_json, size=size, quick=quick)


@app.command("web")
def web(quick: Quick = False, as_json: Json = False) -> None:
    """Measure the statement page: answers a second of one process, and the slowest hundredth at half that load."""
    _run("web", as_json=as_json, quick=quick)


@app.command("start")
def start(quick: Quick = False, as_json: Json = False) -> None:
    """Measure help, serve to the first answer, idle memory and the weight of the installed core."""
    _run("start", as_json=as_json, quick=quick)


def _run(name: str, *, as_json: bool, **options: Any) -> None:
    """Run one benchmark and print it; leave with 1 if a figure that must be reached was not."""
    document: dict[str, Any] = importlib.import_module(f"gestand.bench.{name}").run(**options)
    if as_json:
        emit(document)
    else:
        for note in document.get("notes", ()):
            say(note)
        told = document["machine"]
        table(
            f"{name} on {told['processor']}, {told['cores']} cores",
            ("measured", "size", "ours", "other", "ratio", "reach", "holds"),
            [_row(result) for result in document["results"]],
        )
    if not all(result["holds"] for result in document["results"]):
        raise typer.Exit(1)


def _row(result: dict[str, Any]) -> tuple[str, ...]:
    def number(value: float | None) -> str:
        if value is None:
            return ""
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"

    return (
        result["name"],
        number(result["size"]),
        f"{number(result['ours'])} {result['unit']}",
        number(result["other"]),
        number(result["ratio"]),
        number(result["reach"]),
        "yes" if result["holds"] else "NO",
    )
