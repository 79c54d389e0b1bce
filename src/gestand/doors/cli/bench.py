"""gestand bench: one command for each benchmark; every one prints the machine form of docs/formats.md with --json.

Doors and benchmarks do not know each other: a benchmark is a module of gestand.bench with ``run``, called by its name.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say, table

app = typer.Typer(add_completion=False, rich_markup_mode=None)

Quick = Annotated[bool, typer.Option("--quick", help="Small sizes, one round: for a glance.")]


@app.callback()
def _bench() -> None:
    """Measure both sides of a promise of speed in one run."""


class Bench(NamedTuple):
    """One benchmark: its word, the module of ``gestand.bench``, what it measures, and its size if it has one.

    ``size``: the least, the usual, and what is counted.
    """

    name: str
    module: str
    measures: str
    size: tuple[int, int, str] | None = None


BENCHES = (
    Bench("ledger", "ledger", "Measure appends by eight processes, waiting and not; verification; opening; a receipt.",
          (1000, 1_000_000, "Entries to verify.")),
    Bench("intake", "intake", "Measure an import on one core: judged, compared, encrypted, dated, in the ledger.",
          (1000, 100_000, "Rows to import.")),
    Bench("outreach", "outreach", "Measure how fast everyone is judged for a campaign: consent, objection, custom, the list of marks.",
          (100, 100_000, "People to judge.")),
    Bench("archive", "archive", "Measure the e-mail archive against notmuch on the same mail: add, search, people, size, erasure, proof of absence.",
          (100, 100_000, "Generated mails.")),
    Bench("discover", "discover", "Measure how fast telephone numbers, addresses, IBANs and the like are found in free text.",
          (100, 5_000, "Generated mails.")),
    Bench("erase", "gdpr.erase", "Measure how soon data are unreadable, gone from the files and from backups, and a retention sweep.",
          (1000, 100_000, "Items of the largest subject.")),
    Bench("growth", "gdpr.growth", "Measure what each verb about one subject costs as the store grows tenfold.",
          (1000, 1_000_000, "Records at the largest size.")),
    Bench("space", "gdpr.space", "Measure every byte kept for each byte of personal data.",
          (1000, 100_000, "Records, ten a subject.")),
    Bench("rights", "rights", "Measure requests over a shop's database: one person, a hundred in one pass, an erasure of 25,000 rows.",
          (1000, 100_000, "Customers; 19.5 rows each.")),
    Bench("retention", "retention", "Measure a plan of what leaves over a large store.",
          (1000, 1_000_000, "Items in the vault.")),
    Bench("web", "web", "Measure the statement page: answers a second, the slowest hundredth at half that load; and every page of the office.",
          (1000, 1_000_000, "Items in the vault, for the office.")),
    Bench("start", "start", "Measure help, serve to the first answer, idle memory and the weight of the installed core."),
)  # fmt: skip


def _add(bench: Bench) -> None:
    """Give the group the word of one benchmark."""
    if bench.size is None:

        def plain(quick: Quick = False, as_json: Json = False) -> None:
            _run(bench.module, as_json=as_json, quick=quick)

        app.command(bench.name, help=bench.measures)(plain)
        return
    least, usual, counted = bench.size
    size = typer.Option("--size", min=least, help=counted)

    def sized(quick: Quick = False, size: Annotated[int, size] = usual, as_json: Json = False) -> None:
        _run(bench.module, as_json=as_json, size=size, quick=quick)

    sized.__annotations__["size"] = Annotated[int, size]  # annotations are texts here, and this one names a local
    app.command(bench.name, help=bench.measures)(sized)


for one in BENCHES:
    _add(one)


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
