"""``gestand mail``: the mailboxes at a provider, and the journals that are received."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.mail_setup import setup_mailbox
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, say_now, table
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ActorId

if TYPE_CHECKING:
    from gestand.archive.ways.model import MailboxStatus, PullOutcome
    from gestand.system import System

app = typer.Typer()
app.command("setup")(setup_mailbox)
Name = Annotated[list[str] | None, typer.Argument(metavar="[MAILBOX]...", help="Names or addresses; all if none.")]


@app.command()
def pull(
    mailbox: Name = None,
    idle: Annotated[bool, typer.Option("--idle", help="Go on: read whatever comes in, until interrupted.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Read mailboxes into the archive: every folder, from where the last reading stopped. Nothing in them changes."""
    with opened(org) as house:
        if idle:
            _watch(house)
            return
        outcomes, faults = _pull(house, _named(house, mailbox))
    if as_json:
        emit({"mailboxes": [_pulled(one) for one in outcomes], "errors": [_fault(*one) for one in faults]})
    else:
        for one in outcomes:
            _say_pulled(one)
        for name, fault in faults:
            say(f"{name}: {fault}")
    if faults or any(not one.complete for one in outcomes):
        raise typer.Exit(1)


def _named(house: System, names: list[str] | None) -> list[str]:
    if not house.ways.settings.mailboxes:
        raise UsageError(
            "no-mailboxes",
            "no mailbox is set up",
            where="gestand.toml: mail.mailboxes",
            remedy="Set one up with 'gestand mail setup ADDRESS'.",
        )
    return [house.ways.mailbox(name).name for name in names or [box.name for box in house.ways.settings.mailboxes]]


def _pull(house: System, names: list[str]) -> tuple[list[PullOutcome], list[tuple[str, GestandError]]]:
    """Read each; one that fails does not keep the others from being read."""
    from gestand.archive.ways.model import PullOutcome

    outcomes, faults = [], []
    for name in names:
        outcome = PullOutcome(name)
        outcomes.append(outcome)
        try:
            house.ways.pull(name, outcome=outcome, progress=_progress(name))
        except GestandError as fault:
            faults.append((name, fault))
    return outcomes, faults


def _progress(name: str) -> Any:
    def show(folder: str, done: int, everything: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{name}, {folder}: {done} of {everything}\033[K" + ("\n" if done >= everything else ""))
            sys.stderr.flush()

    return show


def _watch(house: System) -> None:
    from gestand.archive.ways.watching import watch

    def told(name: str, outcome: PullOutcome | GestandError) -> None:
        if isinstance(outcome, GestandError):
            sys.stderr.write(f"{name}: {outcome}\n")
        elif outcome.new or outcome.failures:
            _say_pulled(outcome)

    names = _named(house, None)
    say_now(f"Reading {', '.join(names)} as mail comes in. Ctrl-C ends it.")
    watch(house.ways, stop=_until_signalled(), told=told)


def _until_signalled() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_told: stop.set())
    return stop


def _say_pulled(one: PullOutcome) -> None:
    say(
        f"{one.mailbox}: {one.new} new of {one.seen} read in {one.folders} folders"
        + ("" if one.complete else "; not to its end")
    )
    for name in one.renumbered:
        say(f"  {name}: numbered anew by the server, so read anew; what was here already is here once")
    for failure in one.failures:
        say(f"  {failure.place}: {failure.why}")


def _pulled(one: PullOutcome) -> dict[str, Any]:
    return {
        "mailbox": one.mailbox,
        "folders": one.folders,
        "seen": one.seen,
        "new": one.new,
        "unparsed": one.unparsed,
        "complete": one.complete,
        "renumbered": one.renumbered,
        "failures": [{"place": failure.place, "why": failure.why} for failure in one.failures],
    }


def _fault(name: str, fault: GestandError) -> dict[str, str]:
    return {"mailbox": name, "code": fault.code, "message": fault.message, "remedy": fault.remedy}


@app.command()
def status(org: Org = HERE, as_json: Json = False) -> None:
    """Show of each mailbox when it was last read to its end, what could not be read, and what is to be done about it."""
    with opened(org) as house:
        found = house.ways.status()
        tasks = _tasks(house, found)
    if as_json:
        emit({"mailboxes": [{**_status(one), "task": tasks.get(one.name)} for one in found]})
        return
    rows = [
        (
            one.name,
            one.address,
            f"{one.read_at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" if one.read_at else "never",
            str(one.failures),
            one.oldest.isoformat() if one.oldest else "",
        )
        for one in found
    ]
    table("Mailboxes", ("name", "address", "last read", "unreadable", "oldest there"), rows)
    for one in found:
        if task := tasks.get(one.name):
            say(f"{task['on']}: {task['what']}")


def _status(one: MailboxStatus) -> dict[str, Any]:
    return {
        "mailbox": one.name,
        "address": one.address,
        "read_at": one.read_at.isoformat() if one.read_at else None,
        "failures": one.failures,
        "oldest": one.oldest.isoformat() if one.oldest else None,
        "empty_after_days": one.empty_after_days,
    }


def _tasks(house: System, found: tuple[MailboxStatus, ...]) -> dict[str, dict[str, str]]:
    """Return by when a person must empty a mailbox that this program does not: when its oldest message must be gone."""
    from gestand.law.periods import keeping

    policy = house.publication.in_force().policy
    purpose = policy.purposes.get("mail-archive")
    if purpose is None:
        return {}
    shelf = policy.shelves[purpose.shelf]
    return {
        one.name: {
            "on": keeping(one.oldest, shelf.period, shelf.counts_from).erase_from.isoformat(),
            "what": f"empty the mailbox {one.name} at the provider, and its trash, of mail from {one.oldest} on",
        }
        for one in found
        if one.oldest is not None and not one.empty_after_days
    }


@app.command()
def empty(mailbox: Name = None, org: Org = HERE, as_json: Json = False) -> None:
    """Take out of mailboxes at the provider, and out of their trash, what is sealed and old enough (empty_after_days)."""
    with opened(org) as house:
        names = _named(house, mailbox)
        if not mailbox:
            names = [name for name in names if house.ways.mailbox(name).empty_after_days]
        done = [house.ways.empty(name) for name in names]
    if as_json:
        emit({"mailboxes": [{"mailbox": one.mailbox, "removed": one.removed, "left": one.left} for one in done]})
    elif not done:
        say(
            "No mailbox is to be emptied by this program (empty_after_days). 'gestand mail status' tells what is to be done."
        )
    else:
        for one in done:
            say(f"{one.mailbox}: {one.removed} messages taken out, {one.left} left that should be gone")
    if any(one.left for one in done):
        raise typer.Exit(1)


@app.command()
def end(
    mailbox: Annotated[str, typer.Argument(help="The name that it had in the settings.")],
    because: Annotated[
        str,
        typer.Option("--because", help="emptied, closed (gone at the provider) or renamed (read under another name)."),
    ],
    actor: Annotated[str, typer.Option("--actor", help="Who acts.")] = "owner",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Record what became of a mailbox that is in the settings no more: until then nothing proves that old mail left it."""
    from gestand.archive.ways.model import Ended

    why = next((one for one in Ended if one == because), None)
    if why is None:
        raise UsageError(
            "mailbox-end",
            f"'{because}' is no end of a mailbox",
            where="--because",
            remedy="Write emptied, closed or renamed.",
        )
    with opened(org) as house:
        house.ways.end(mailbox, why, actor=ActorId(actor))
    if as_json:
        emit({"mailbox": mailbox, "ended": str(why)})
    else:
        say(f"{mailbox}: recorded that it was {why}")


@app.command()
def receive(org: Org = HERE) -> None:
    """Receive journals by SMTP or LMTP, until interrupted; 250 is said only when a message is durably sealed."""
    from gestand.archive.ways.receiver import receive as listen

    with opened(org) as house:
        settings = house.ways.settings.receiver
        if settings is None:
            raise UsageError(
                "no-receiver",
                "no receiver is set up",
                where="gestand.toml: mail.receiver",
                remedy="Write a section [mail.receiver] with hosts, and the rest as docs/formats.md says.",
            )
        listen(
            settings,
            house.archive,
            clock=house.clock,
            stop=_until_signalled(),
            heard=house.ways.heard,
            ready=lambda port: say_now(f"Receiving {settings.protocol} at {settings.host}:{port}. Ctrl-C ends it."),
        )
