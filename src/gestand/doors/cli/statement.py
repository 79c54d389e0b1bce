"""``gestand statement``: show, compare, publish and lint statements."""

from __future__ import annotations

import typer

from gestand.doors.cli.statement_lint import lint

app = typer.Typer(rich_markup_mode=None)
app.command("lint")(lint)


@app.callback()
def _group() -> None:
    pass
