"""``gestand archive``: the e-mail archive."""

from __future__ import annotations

import typer

from gestand.doors.cli import archive_find, archive_keep, archive_ways

app = typer.Typer()
archive_ways.register(app)
archive_find.register(app)
archive_keep.register(app)
