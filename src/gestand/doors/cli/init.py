"""``gestand init``: a new organisation, a small service firm to begin with."""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import UsageError
from gestand.statement.examples import EXAMPLE_ADDRESS, EXAMPLE_NAME, EXAMPLE_WEBSITE

TO_DO = "from-your-text.md"
FILES = ("gestand.toml", "policy.toml", "statement.nl.md", "statement.en.md", "measures.toml")
_LEFT_TO_FILL = {
    "name": EXAMPLE_NAME,
    "email": "privacy@example.nl",
    "address": EXAMPLE_ADDRESS,
    "website": EXAMPLE_WEBSITE,
}


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    *,
    name: Annotated[str, typer.Option(help="The firm's name.", show_default=False)] = "",
    email: Annotated[str, typer.Option(help="Where people write about their data.", show_default=False)] = "",
    address: Annotated[str, typer.Option(help="The postal address.", show_default=False)] = "",
    website: Annotated[str, typer.Option(help="The firm's website.", show_default=False)] = "",
    from_: Annotated[
        Path | None, typer.Option("--from", help="Draft it from the text of a statement (txt, md, html, pdf).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a new organisation: a small service firm, whose statement compiles."""
    from gestand.kernel.clock import local_date, system_clock
    from gestand.kernel.config import load_config
    from gestand.kernel.entropy import system_entropy
    from gestand.kernel.rootkey import make_root_key
    from gestand.sharing.agreements import FILE as AGREEMENTS
    from gestand.sharing.drafting import draft_register

    given = {"name": name, "email": email, "address": address, "website": website}
    today = local_date(system_clock())
    files = filled(given, today) if from_ is None else drafted(from_, given, today)
    files[AGREEMENTS] = draft_register(files["policy.toml"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(
                "folder-not-empty",
                f"{folder} is not empty, and nothing in it is overwritten",
                where=str(folder),
                remedy="Name a folder that is empty or not there yet.",
            )
        (folder / ".gitignore").write_text("data/\nkeys/\n", encoding="utf-8")  # neither data nor key into a repository
        for file, content in files.items():
            (folder / file).write_bytes(content)
        make_root_key(load_config(folder).root_key, folder, entropy=system_entropy)
    except OSError as fault:
        raise UsageError(
            "not-writable", f"{fault.filename}: {fault.strerror}", where=str(folder), remedy="Name another folder."
        ) from None
    missing = [option for option, value in given.items() if not value.strip()]
    if as_json:
        emit({"folder": str(folder), "files": sorted(files), "to_fill": missing})
        return
    say(f"Made {folder}: {', '.join(files)}, and the key of its store under keys/.")
    say("Keep a copy of that key somewhere else: without it nothing in the store can be read.")
    if missing:
        say(f"Still to be filled in under [controller] of policy.toml: {', '.join(missing)}.")
    if from_ is not None:
        say(
            f"What your text says and what it lacks stands in {folder / TO_DO}; its purposes are at the end of policy.toml."
        )
    say(
        f"Read policy.toml and the texts, make them true for your firm, and run: gestand check --org {shlex.quote(str(folder))}"
    )


def drafted(source: Path, given: dict[str, str], today: date) -> dict[str, bytes]:
    """Return the files of the template with what ``source`` tells in them, and a list of what is to be done.

    What was given as an option wins over what was read; ``given`` holds both afterwards.

    :raises UsageError: if the file cannot be read as a statement.
    """
    from gestand.doors.cli.init_from import own_words
    from gestand.law.transparency import lint
    from gestand.law.transparency.draft import draft
    from gestand.reading.documents import read_statement

    text = read_statement(source)
    report = lint(text, today)
    told = draft(text, report)
    found = {"name": told.controller, "email": told.email, "address": told.address, "website": told.website}
    for key, value in found.items():
        given[key] = given[key].strip() or " ".join(value.split())
    files = filled(given, today)
    added = own_words(told, report)
    files["policy.toml"] += added.policy.encode()
    for language, words in added.statement.items():
        files[f"statement.{language}.md"] += f"\n{words}".encode()
    files[TO_DO] = added.todo.encode()
    return files


def filled(given: dict[str, str], today: date) -> dict[str, bytes]:
    """Return the files of the template with the firm's own values in them; what was not given stays an example.

    :raises UsageError: if a value holds a line end or another control character.
    """
    from importlib.resources import files

    values = {key: given.get(key, "").strip() or example for key, example in _LEFT_TO_FILL.items()}
    for key, value in values.items():
        if not value.isprintable():
            raise UsageError(
                "value-form", f"--{key} holds a character that does not print", remedy="Write it on one line."
            )
    words = {key: json.dumps(value, ensure_ascii=False) for key, value in values.items()}  # also a TOML basic string
    words |= {"version": f'"{today.isoformat()}"', "today": today.isoformat()}
    template = files("gestand.templates") / "firm"
    made = {}
    for file in FILES:
        text = (template / file).read_bytes().decode("utf-8")
        if file == "policy.toml":
            for key, value in words.items():
                text = text.replace(f"= @{key}@", f"= {value}")
        made[file] = text.encode()
    return made
