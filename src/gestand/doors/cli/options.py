"""The options every command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Machine output: one JSON document on standard output.")]
Org = Annotated[
    Path,
    typer.Option("--org", envvar="GESTAND_ORG", help="The organisation's folder.", show_default="the current folder"),
]
HERE = Path()
