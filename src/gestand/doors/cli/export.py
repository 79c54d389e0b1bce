"""``gestand export``: the evidence for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli import export_ropa
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
export_ropa.add_to(app)


@app.command("dossier")
def dossier(
    folder: Annotated[Path, typer.Argument(help="A new folder for it.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Write all evidence for an authority: proofs, requests, disclosures, breaches, ledger; checked by the verify.py in it."""
    from gestand.doors.dossier import make_dossier
    from gestand.system import open_system

    with open_system(org) as house:
        made = make_dossier(house, folder)
        key = str(house.ledger.key)
    if as_json:
        emit({"folder": str(made.folder), "files": made.files, "digest": made.digest, "key": key})
    else:
        say(f"{made.files} files in {made.folder}. Whoever gets it types there: python3 verify.py '{key}'")
