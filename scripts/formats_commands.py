"""The reference of the command line, from the table of commands and what each module declares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formats_cells import code, table


def leaves() -> Iterator[tuple[str, Any]]:
    """Yield every command by its words with its click command; None where its module is not there."""
    import importlib

    import typer

    from gestand.doors.cli.commands import COMMANDS

    for command in COMMANDS:
        try:
            module = importlib.import_module(f"gestand.doors.cli.{command.module}")
        except ModuleNotFoundError as fault:
            if fault.name != f"gestand.doors.cli.{command.module}":
                raise
            yield command.name, None
            continue
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        if command.group:
            app.add_typer(module.app, name=command.name, help=command.help)
            app.callback()(_nothing)
            group = typer.main.get_command(app).commands[command.name]
            if group.invoke_without_command:
                yield command.name, group
            yield from _within(command.name, group)
        else:
            app.callback()(_nothing)
            app.command(command.name, help=command.help)(module.command)
            yield command.name, typer.main.get_command(app).commands[command.name]


def _within(words: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Yield the commands of a group, and of the groups in it."""
    for name, leaf in group.commands.items():
        if hasattr(leaf, "commands"):
            yield from _within(f"{words} {name}", leaf)
        else:
            yield f"{words} {name}", leaf


def _nothing() -> None:
    pass


def options_of(leaf: Any) -> list[Any]:
    """Return the options of a command, its own ``--help`` left out."""
    return [p for p in leaf.params if p.param_type_name == "option" and "--help" not in p.opts]


def list_commands(_before: str) -> str:
    """Return the reference of the command line."""
    from gestand.doors.cli.commands import COMMANDS

    tops = {command.name: command for command in COMMANDS}
    parts: list[str] = []
    seen: set[str] = set()
    for words, leaf in leaves():
        top = words.split()[0]
        if top not in seen:
            seen.add(top)
            parts.append(f"## {top}\n\n{tops[top].help}\n")
        if leaf is None:
            parts.append("Not built yet.\n")
            continue
        parts.append(_reference(words, leaf, alone=words == top))
    return "\n".join(parts)


def asked(option: Any) -> str:
    """Return what an option wants after it: its choices, or the kind of value."""
    kind = option.type_descriptor.annotation
    if hasattr(kind, "__members__"):
        return " or ".join(str(member.value) for member in kind)
    return str(
        option.metavar
        or {"Path": "PATH", "int": "NUMBER", "datetime": "DATE"}.get(getattr(kind, "__name__", ""), "TEXT")
    )


def one_of(argument: Any) -> str:
    """Return the choices of an argument in words; nothing if anything may stand there."""
    return f"One of {asked(argument)}." if hasattr(argument.type_descriptor.annotation, "__members__") else ""


def _reference(words: str, leaf: Any, *, alone: bool) -> str:
    arguments = [p for p in leaf.params if p.param_type_name == "argument"]
    shown = [p.metavar or p.name.upper() for p in arguments]
    usage = " ".join(["gestand", words, *(s if p.required else f"[{s}]" for s, p in zip(shown, arguments, strict=True)), "[options]"])  # fmt: skip
    text = "" if alone else f"### {words}\n\n{(leaf.help or '').strip()}\n\n"
    rows = [(code(s), " ".join(filter(None, (p.help, one_of(p))))) for s, p in zip(shown, arguments, strict=True)]
    for option in options_of(leaf):
        names = ", ".join(code(name) for name in [*option.opts, *option.secondary_opts])
        kind = "" if option.is_flag else f" {asked(option)}"
        rows.append((names + kind, (option.help or "") + ("" if not option.required else " Needed.")))
    return f"{text}```\n{usage}\n```\n\n" + (table(("", ""), rows) if rows else "")
