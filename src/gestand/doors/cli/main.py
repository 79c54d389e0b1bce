"""The program's entry: find the command, import it alone, run it, and turn every error into words and a status.

Exit status: 0 done, 1 the answer is "no", 2 wrong use, 3 refused by policy, 4 a damaged store or ledger.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer

from gestand import __version__
from gestand.doors.cli.commands import COMMANDS, Command
from gestand.doors.cli.output import complain
from gestand.kernel.config import environment
from gestand.kernel.errors import GestandError, UsageError

INTERNAL_FAULT = 70
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit status; nothing but the status leaves as an exception."""
    as_json = "--json" in argv
    try:
        outcome = _build(argv)(args=list(argv), prog_name="gestand", standalone_mode=False)
    except GestandError as error:
        complain(error, as_json=as_json)
        return error.exit_status
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except (KeyboardInterrupt, typer.Abort):
        outcome = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:  # noqa: BLE001 - the last line of defence: a user never meets a traceback
        return _fault(fault, as_json=as_json)
    if outcome == INTERRUPTED:  # the library turns Ctrl-C into this number, and says nothing
        sys.stderr.write("Interrupted. What was done is kept; run the same command again to go on.\n")
    return outcome if isinstance(outcome, int) else 0


def _fault(fault: Exception, *, as_json: bool) -> int:
    show = getattr(fault, "format_message", None)  # a usage error of the command line library
    if show is not None:
        complain(UsageError("usage", _plain(show()), remedy="Ask 'gestand COMMAND --help'."), as_json=as_json)
        return 2
    if isinstance(fault, OSError) and fault.filename is not None and fault.strerror:
        refused = UsageError(
            "file-refused",
            f"the computer does not allow this: {fault.strerror}",
            where=os.fsdecode(fault.filename) if isinstance(fault.filename, str | bytes) else "",
            remedy="Look at the rights of this file and its folder, and at the room on the disk; then run it again.",
        )
        complain(refused, as_json=as_json)
        return refused.exit_status
    if environment("GESTAND_DEBUG"):
        traceback.print_exception(fault)
    complain(
        GestandError(
            "internal",
            f"a fault in the program itself: {type(fault).__name__}: {fault}",
            remedy="Nothing acknowledged is lost. Run again with GESTAND_DEBUG=1 and report what it prints.",
        ),
        as_json=as_json,
    )
    return INTERNAL_FAULT


def _plain(said: str) -> str:
    """Return what the command line library says, in words for who types a command."""
    return said.replace("Value error, ", "").replace(
        "does not match the formats '%Y-%m-%d'", "is no day; write it as 2026-01-31"
    )


def _build(argv: Sequence[str]) -> Any:
    """Return the command tree in which only the command asked for is imported."""
    asked = next((word for word in argv if not word.startswith("-")), "")
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Keeps a privacy statement: say what you do with personal data, do what you say, prove it.",
    )
    app.callback()(_root)
    for command in COMMANDS:
        if command.name == asked:
            module = importlib.import_module(f"gestand.doors.cli.{command.module}")
            if command.group:
                app.add_typer(module.app, name=command.name, help=command.help, no_args_is_help=not command.alone)
            else:
                app.command(command.name, help=command.help)(module.command)
        else:
            app.command(command.name, help=command.help)(_not_asked(command))
    built = typer.main.get_command(app)
    _in_capitals(built)
    return built


def _in_capitals(command: Any) -> None:
    """Let every argument stand in capitals, as in the reference, also where it was given no other name than its own."""
    for parameter in command.params:
        if parameter.param_type_name == "argument" and parameter.metavar is None:
            parameter.metavar = parameter.name.upper()
    for word in getattr(command, "commands", {}).values():
        _in_capitals(word)


def _not_asked(command: Command) -> Any:
    def absent() -> None:
        raise UsageError("usage", f"'{command.name}' was not loaded")

    return absent


def _show_version(value: bool) -> None:
    if value:
        sys.stdout.write(f"gestand {__version__}\n")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_show_version, is_eager=True, help="Show the version."),
) -> None:
    pass


if __name__ == "__main__":
    main()
