"""What of ``gestand archive`` brings messages in: files, telephone notes, letters, forms, chats."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.errors import GestandError, UsageError

if TYPE_CHECKING:
    from gestand.archive.model import Admitted
    from gestand.archive.ways.model import AddOutcome
    from gestand.system import System

LARGEST_FORM = 1_000_000  # characters
From = Annotated[str, typer.Option("--from", help="Who: a name, an address, a number, or 'Name <address>'.")]
Subject = Annotated[str, typer.Option("--subject", help="What it is about.")]
When = Annotated[str, typer.Option("--at", help="When, as 2026-11-22T09:30; now if left out.")]
Text = Annotated[str, typer.Option("--text", help="What was said, or what it says; '-' reads it from standard input.")]
To = Annotated[bool, typer.Option("--outgoing", help="You called or wrote them, not they you.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group of the archive."""
    app.command()(add)
    app.command()(note)
    app.command()(letter)
    app.command()(form)
    app.command()(chat)


def add(
    path: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="mbox, Maildir, .eml, .msg (Outlook), .zip or .tar of those."),
    ],
    mbox: Annotated[Literal["rd", "o"], typer.Option("--mbox", help="How 'From ' is quoted: mboxrd or mboxo.")] = "rd",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Add messages out of files. What cannot be read is listed, and the rest goes on; a run that was broken off resumes."""
    from gestand.archive.ways.model import AddOutcome, Failure

    outcome = AddOutcome()
    with opened(org) as house:
        for one in path:
            try:
                house.ways.add(one, outcome=outcome, quoting=mbox, shown=_progress)
            except UsageError as fault:
                outcome.failures.append(Failure(str(one), f"{fault.message} [{fault.code}]"))
    if as_json:
        emit(
            {
                "read": outcome.read,
                "new": outcome.new,
                "known": outcome.known,
                "unparsed": outcome.unparsed,
                "skipped": outcome.skipped,
                "failures": [{"place": failure.place, "why": failure.why} for failure in outcome.failures],
            }
        )
    else:
        skipped = f", {outcome.skipped} were added by the run that was broken off" if outcome.skipped else ""
        say(f"{outcome.read} messages read: {outcome.new} new, {outcome.known} known already{skipped}.")
        if outcome.unparsed:
            say(f"{outcome.unparsed} could not be understood: kept sealed, found by their envelope.")
        for failure in outcome.failures:
            say(f"  {failure.place}: {failure.why}")
    if outcome.failures:
        raise typer.Exit(1)


def _progress(outcome: AddOutcome) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{outcome.read} read, {outcome.new} new, {len(outcome.failures)} failed\033[K")
        sys.stderr.flush()


def note(
    person: From,
    text: Text,
    subject: Subject = "Telefoonnotitie",
    at: When = "",
    outgoing: To = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Keep a note of a telephone call or a talk as a message."""
    from gestand.archive.ways.typed import Typed

    with opened(org) as house:
        typed = Typed("note", person, subject, _text(text), _moment(at, house), outgoing=outgoing)
        _kept([house.ways.note(typed, _firm(house))], as_json=as_json)


def letter(
    scan: Annotated[list[Path], typer.Argument(metavar="SCAN...", help="The scanned letter: PDF or images.")],
    person: From,
    text: Text = "",
    subject: Subject = "Brief",
    at: When = "",
    outgoing: To = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Keep a scanned letter as a message, with what you type of it: by that it is found."""
    from gestand.archive.ways.typed import Typed, scans

    with opened(org) as house:
        typed = Typed("letter", person, subject, _text(text), _moment(at, house), scans(scan), outgoing)
        _kept([house.ways.note(typed, _firm(house))], as_json=as_json)


def form(
    page: Annotated[str, typer.Argument(metavar="PAGE", help="The page or form, by a name of your own: contact.")],
    person: From,
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="NAME=VALUE", help="What was filled in; repeat it.")
    ] = None,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Keep what a contact form was filled in with as a message; without --field, as JSON from standard input."""
    with opened(org) as house:
        _kept([house.ways.form(page, _filled_in(field), person=person, firm=_firm(house))], as_json=as_json)


def _filled_in(fields: list[str] | None) -> dict[str, str]:
    """Return names and values: out of options, else out of one JSON object of texts."""
    if fields:
        if wrong := [one for one in fields if not one.partition("=")[0].strip() or "=" not in one]:
            raise UsageError(
                "form-fields",
                f"'{wrong[0]}' is no name with what was filled in",
                where="--field",
                remedy="Write NAME=VALUE.",
            )
        return {name: value for name, _, value in (one.partition("=") for one in fields)}
    try:
        told = json.loads(sys.stdin.read(LARGEST_FORM))
    except ValueError:
        told = None
    if not isinstance(told, dict) or not told or not all(isinstance(value, str) for value in told.values()):
        raise UsageError(
            "form-fields",
            "no names and texts were filled in",
            where="standard input",
            remedy='Give --field NAME=VALUE, or a JSON object as {"vraag": "..."} on standard input.',
        )
    return told


def chat(
    path: Annotated[
        list[Path], typer.Argument(metavar="EXPORT...", help="WhatsApp .txt or .zip; SMS Backup & Restore .xml.")
    ],
    person: Annotated[str, typer.Option("--with", help="With whom, where the file does not say.")] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Keep exported chats: a message for each conversation and day."""
    from gestand.archive.ways.chats import chat_messages

    with opened(org) as house:
        firm = _firm(house)
        kept = [done for one in path for done in house.ways.notes(chat_messages(one, person=person), firm)]
        _kept(kept, as_json=as_json)


def _kept(admitted: list[Admitted], *, as_json: bool) -> None:
    if as_json:
        emit({"messages": [{"id": one.message, "new": one.new} for one in admitted]})
        return
    new = sum(one.new for one in admitted)
    say(f"{new} kept" + (f", {len(admitted) - new} were here already" if new < len(admitted) else "") + ".")
    for one in admitted:
        say(f"  {one.message}")


def _text(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _moment(text: str, house: System) -> datetime:
    if not text:
        return house.clock()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "note-moment", f"'{text}' is no moment", where="--at", remedy="Write 2026-11-22T09:30."
        ) from None
    found = found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)
    if found > house.clock():
        raise UsageError("note-moment", f"{text} has yet to come", where="--at", remedy="Write when it was.")
    return found


def _firm(house: System) -> str:
    """Return the firm's own address: its first contact by e-mail, else its first mailbox."""
    contacts: Any = house.publication.in_force().policy.controller.contacts
    addresses = [contact.value for contact in contacts if contact.kind == "email"]
    addresses += [box.address for box in house.ways.settings.mailboxes]
    if not addresses:
        raise GestandError(
            "no-own-address",
            "the firm has no e-mail address",
            where="policy.toml: controller.contacts",
            remedy="Add one.",
        )
    return str(addresses[0])
