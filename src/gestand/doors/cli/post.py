"""``gestand post``: the outbox: what waits, what was sent, what is in doubt; deliver, send again, print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import date_of, opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.ids import ActorId

if TYPE_CHECKING:
    from gestand.post.model import Outgoing

app = typer.Typer()
Message = Annotated[str, typer.Argument(metavar="MESSAGE", help="Its Message-ID, or the part of it before the @.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command("list")
def list_messages(
    state: Annotated[str, typer.Option("--state", help="Only those in this state, such as in-doubt.")] = "",
    reference: Annotated[str, typer.Option("--reference", help="Only those of a request or campaign.")] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """List the outbox, oldest first: no address, no words; those are sealed."""
    with opened(org) as house:
        house.post.recover()
        found = list(house.post.all(state=state, reference=reference))
    if as_json:
        emit([_document(one) for one in found])
        return
    rows = [(_token(one), str(one.kind), str(one.state), one.reference, _moment(one), one.answer) for one in found]
    table(f"Messages: {len(found)}", ("message", "kind", "state", "belongs to", "queued", "answer"), rows)


@app.command()
def deliver(
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many; 0: all.")] = 0,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Send what waits through the server of [mail.smtp]. Can be interrupted; what was in flight then says so."""
    with opened(org) as house:
        done = house.post.deliver(limit=limit or None)
        doubtful = list(house.post.all(state="in-doubt"))
    counts = {str(state): number for state, number in done.counts.items()}
    if as_json:
        emit({"counts": counts, "stopped": done.stopped, "in_doubt": [one.message_id for one in doubtful]})
    else:
        say(", ".join(f"{number} {state}" for state, number in counts.items()) or "Nothing waited to be sent.")
        if done.stopped:
            say(f"Stopped: {done.stopped}")
        for one in doubtful:
            say(f"In doubt: {_token(one)} ({one.kind}, {one.reference}). Look whether it arrived, then 'post retry'.")
    if done.stopped:
        raise typer.Exit(1)


@app.command()
def show(
    message: Message,
    content: Annotated[bool, typer.Option("--content", help="Also what it says; the opening is recorded.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why its content is opened.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show a message: where it stands, and the server's answer as proof of sending."""
    with opened(org) as house:
        found = house.post.named(message)
        text = ""
        if content:
            said = house.post.content(
                found.message_id, actor=ActorId(actor), reason=reason or "shown at the command line"
            )
            text = said.decode("utf-8", "replace")
    if as_json:
        emit(_document(found) | ({"content": text} if content else {}))
        return
    for name, value in _document(found).items():
        say(f"{name:<12} {value}")
    if text:
        say("\n" + text)


@app.command()
def retry(
    message: Message,
    arrived: Annotated[
        bool, typer.Option("--arrived", help="Do not send it again: it is known to have arrived.")
    ] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Let a message go again that is in doubt or failed; it keeps its Message-ID."""
    with opened(org) as house:
        house.post.recover()
        message_id = house.post.named(message).message_id
        act = house.post.arrived if arrived else house.post.retry
        found = act(message_id, actor=ActorId(actor))
    _show(found, as_json=as_json)


@app.command("print")
def print_letter(
    message: Message,
    into: Annotated[Path | None, typer.Option("--into", help="Write the PDF to this file.")] = None,
    posted_on: Annotated[str, typer.Option("--posted-on", help="It was put in the post on this day.")] = "",
    by: Annotated[str, typer.Option("--by", help="By whom it was posted.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Write a letter on paper to a file, to be printed; or mark it as posted on a date by someone."""
    with opened(org) as house:
        message_id = house.post.named(message).message_id
        if into is not None:
            into.write_bytes(house.post.content(message_id, actor=ActorId(actor), reason="printed"))
        if posted_on or by:
            on: date = date_of(posted_on) or local_date(house.clock())
            posted = house.post.posted(message_id, on=on, by=by, actor=ActorId(actor))
            house.post_book.sent(posted, actor=ActorId(actor), on=on)
        found = house.post.one(message_id)
    _show(found, as_json=as_json)


def _show(found: Outgoing, *, as_json: bool) -> None:
    if as_json:
        emit(_document(found))
        return
    say(f"{_token(found)}: {found.state}")


def _document(one: Outgoing) -> dict[str, Any]:
    return {
        "id": one.message_id,
        "kind": str(one.kind),
        "state": str(one.state),
        "reference": one.reference,
        "queued_at": one.queued_at.isoformat(),
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "retry_at": one.retry_at.isoformat() if one.retry_at else None,
        "tries": one.tries,
        "answer": one.answer,
        "posted_by": one.posted_by,
        "waits": one.waits,
    }


def _token(one: Outgoing) -> str:
    return one.message_id.strip("<>").partition("@")[0]


def _moment(one: Outgoing) -> str:
    return one.queued_at.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")
