"""What of ``gestand archive`` finds, shows and exports messages. Each opening names its purpose."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId, MessageId, PurposeId, SubjectId

OWNER = ActorId("owner")
Purpose = Annotated[str, typer.Option("--purpose", help="For which purpose of the statement.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes into the ledger.")]
Message = Annotated[str, typer.Argument(metavar="MESSAGE", help="An id, as msg_...")]


class Form(StrEnum):
    """How messages are exported."""

    MBOX = "mbox"
    EML = "eml"
    MAILDIR = "maildir"


def register(app: typer.Typer) -> None:
    """Add the commands to the group of the archive."""
    for command in (search, show, thread, redact, export):
        app.command()(command)


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "a phrase", begin*, from:, to:, subject:, date:2026-03, person:.')
    ],
    purpose: Purpose,
    reason: Reason = "search",
    stems: Annotated[bool, typer.Option("--stems", help="Also other forms of a word, Dutch and English.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 50,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Find messages, newest first, and show of each who, when and about what."""
    with opened(org) as house:
        found = house.archive.search(query, PurposeId(purpose), actor=OWNER, reason=reason, stems=stems, limit=limit)
        lines = house.archive.headlines(
            [kept.message for kept in found], PurposeId(purpose), actor=OWNER, reason=reason
        )
    if as_json:
        emit([_line(one) for one in lines])
        return
    rows = [(one.kept.message, str(one.kept.received), one.sender, one.subject) for one in lines]
    table(f"{len(rows)} messages", ("message", "received", "from", "about"), rows)


def show(
    message: Message,
    purpose: Purpose,
    reason: Reason = "show",
    html: Annotated[bool, typer.Option("--html", help="The page that a browser may show, sanitised.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Open a message: its text, its attachments' names, and what is held of it."""
    from gestand.archive.showing import page_of
    from gestand.archive.threads import headline

    with opened(org) as house:
        found = house.archive.open(MessageId(message), PurposeId(purpose), actor=OWNER, reason=reason)
        mail = house.archive.read(found)
        markup = house.archive.html(found) if html else ""
    line = headline(found, mail)
    if html:
        say(page_of(found, mail, markup))
        return
    if as_json:
        attachments = [{"name": one.name, "kind": one.kind, "size": one.size} for one in mail.attachments]
        emit({**_line(line), "text": mail.body, "files": attachments, "ledger_entry": found.entry})
        return
    say(f"From:    {line.sender}\nTo:      {line.recipients}\nSent:    {line.sent}\nSubject: {line.subject}\n")
    say(mail.body)
    for one in mail.attachments:
        say(f"[{one.name or 'without a name'}, {one.kind}, {one.size} bytes]")
    kept = found.kept
    say(f"\n{kept.message}: shelf {kept.shelf} by '{kept.rule}', to leave on {kept.due or 'no date yet'}")
    if kept.why:
        say(f"Not wholly understood ({kept.why}); the original is kept as it came.")


def thread(
    message: Message, purpose: Purpose, reason: Reason = "thread", org: Org = HERE, as_json: Json = False
) -> None:
    """Show the conversation that a message is in, oldest first."""
    with opened(org) as house:
        found = house.archive.open(MessageId(message), PurposeId(purpose), actor=OWNER, reason=reason)
        everything = [kept.message for kept in house.archive.thread(found)]
        names = house.archive.allowed(everything, PurposeId(purpose))
        lines = house.archive.headlines(names, PurposeId(purpose), actor=OWNER, reason=reason)
    if as_json:
        emit([_line(one) for one in lines])
        return
    rows = [(one.kept.message, str(one.kept.received), one.sender, one.subject) for one in lines]
    table(f"{len(rows)} messages", ("message", "received", "from", "about"), rows)
    if closed := len(everything) - len(names):
        say(f"{closed} more of the conversation stay closed for this purpose.")


def redact(
    message: Message,
    person: Annotated[str, typer.Option("--for", metavar="SUBJECT", help="Whose copy it is, as sub_...")],
    confirm: Annotated[str, typer.Option("--confirm", help="The digest of the words that you have read.")] = "",
    reason: Reason = "a copy of a message, Article 15(4)",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Propose a copy of a message with other people blacked out (Article 15(4)); given once its digest is confirmed."""
    with opened(org) as house:
        purpose = PurposeId(house.publication.in_force().policy.rights.purpose)
        found = house.archive.open(MessageId(message), purpose, actor=OWNER, reason=reason)
        proposed = house.archive.copies.propose(found, SubjectId(person), actor=OWNER)
        if confirm:
            house.archive.copies.give(found, proposed, confirmed=confirm, actor=OWNER)
    if as_json:
        emit({"message": message, "text": proposed.text, "places": proposed.places, "digest": proposed.digest,
              "given": bool(confirm)})  # fmt: skip
        return
    say(proposed.text)
    if not confirm:
        say(
            f"\n{proposed.places} places blacked out. Read it: the program does not know every neighbour. Then give it with "
            f"--confirm {proposed.digest}"
        )
    else:
        say(f"\nGiven with {proposed.places} places blacked out; the digest of these words is in the ledger.")


def export(
    query: Annotated[str, typer.Argument(help="What to export, as for search.")],
    into: Annotated[Path, typer.Option("--into", help="A new file (mbox) or folder (eml, maildir).")],
    purpose: Purpose,
    reason: Reason = "export",
    form: Annotated[Form, typer.Option("--form", help="As what.")] = Form.MBOX,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Write messages to ordinary files: mbox (mboxrd), .eml or Maildir; of .eml and Maildir the bytes are as they came."""
    from gestand.archive.exporting import export_messages

    with opened(org) as house:
        found = house.archive.search(query, PurposeId(purpose), actor=OWNER, reason=reason, limit=10_000_000)
        names = [kept.message for kept in reversed(found)]
        opened_ones = house.archive.open_many(names, PurposeId(purpose), actor=OWNER, reason=reason)
        written = export_messages(opened_ones, into, form.value, house.archive.read)
    if as_json:
        emit({"messages": written, "into": str(into), "form": form.value})
        return
    say(f"{written} messages written to {into}. They are outside the archive now: no period reaches them there.")


def _line(one: Any) -> dict[str, Any]:
    kept = one.kept
    return {
        "message": kept.message,
        "received": kept.received.isoformat(),
        "from": one.sender,
        "to": one.recipients,
        "subject": one.subject,
        "attachments": one.attachments,
        "shelf": kept.shelf,
        "due": kept.due.isoformat() if kept.due else None,
        "parsed": kept.parsed,
        "why": kept.why,
    }
