"""``gestand archive``: the e-mail archive."""

from __future__ import annotations

import typer

from gestand.doors.cli import archive_ways

app = typer.Typer()
archive_ways.register(app)
