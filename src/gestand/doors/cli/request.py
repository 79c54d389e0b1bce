"""``gestand request``: what a data subject asks, from receipt to proof."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli import request_answers, request_cases, request_letters
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.doors.cli.request_plan import plan_of, show_whole_plan
from gestand.doors.cli.sent import say_sent, sent_document
from gestand.kernel.clock import AMSTERDAM, instant_of
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.rights.model import Channel, IdentityLevel, Right, SubjectRequest

if TYPE_CHECKING:
    from gestand.rights.sending import Sent

app = typer.Typer()
RequestArg = Annotated[str, typer.Argument(metavar="REQUEST", help="The request's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command("open")
def open_request(
    right: Annotated[Right, typer.Argument(help="What is asked.")],
    contact: Annotated[
        str,
        typer.Option("--from", help="The e-mail address, telephone or customer number it came from, or what it says."),
    ],
    channel: Annotated[Channel, typer.Option("--channel", help="How it came in.")] = Channel.EMAIL,
    received: Annotated[
        str, typer.Option("--received", help="When it arrived: a day, or a day and time; now if left out.")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record that a request came in. Its clock runs from receipt, also for someone unknown."""
    from gestand.system import open_system

    with open_system(org) as house:
        request = house.requests.receive(
            right,
            contact=contact,
            channel=channel,
            actor=ActorId(actor),
            received_at=_instant(received),
        )
        late = _late(request, house.clock())
    show_request(request, as_json=as_json)
    if late and not as_json:
        say("That day is past: answer now, and say in the answer why it is late.")


for part in (request_cases, request_answers, request_letters):
    app.registered_commands += part.app.registered_commands


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return instant_of(text)
    except ValueError:
        raise UsageError(
            "request-moment", f"'{text}' is no instant", where="--received",
            remedy="Write 2026-11-22, or 2026-11-22T09:30 by your own clock.",
        ) from None  # fmt: skip


@app.command()
def verify(
    request: RequestArg,
    level: Annotated[IdentityLevel, typer.Option("--level", help="How you became sure, least intrusive first.")],
    subject: Annotated[
        list[str] | None,
        typer.Option("--subject", help="Whose data it is about, where the contact point does not tell."),
    ] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record how identity was judged. What you were shown is not kept; only the level and the moment."""
    from gestand.system import open_system

    if subject and len(set(subject)) > 1:
        raise UsageError(
            "subject-several",
            f"a request is about one person, and {len(set(subject))} were named",
            where="--subject",
            remedy="Name the one who asks; open another request for whoever else asks with them.",
        )
    with open_system(org) as house:
        confirmed = house.requests.confirm(
            request, level, actor=ActorId(actor), subject=SubjectId(subject[0]) if subject else None
        )
    show_request(confirmed, as_json=as_json)


@app.command()
def code(
    request: RequestArg,
    fetch: Annotated[
        bool,
        typer.Option("--fetch", help="It also fetches the answer, once; you were sure by a second fact or in person."),
    ] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Give a code for the portal, to be told or sent to who asked. It is shown once and kept as a hash."""
    from gestand.rights.portal.model import Level
    from gestand.system import open_system

    with open_system(org) as house:
        given = house.portal.give(request, Level.FETCH if fetch else Level.FOLLOW, actor=ActorId(actor))
    if as_json:
        emit({"request": given.request, "level": str(given.level), "typed": given.typed, "link": given.link,
              "until": given.until.isoformat()})  # fmt: skip
        return
    say(f"{given.typed}   holds until {given.until.astimezone(AMSTERDAM):%Y-%m-%d}")
    say(f"As a link: the address of your portal with #{given.link} behind it (/nl/portaal/, /en/portal/).")


@app.command("list")
def list_requests(org: Org = HERE, as_json: Json = False) -> None:
    """List every request, unconfirmed ones too, with its clock."""
    from gestand.system import open_system

    with open_system(org) as house:
        requests, now = list(house.requests.all()), house.clock()
    if as_json:
        emit({"requests": [_document(r) for r in requests]})
        return
    table(
        "Requests",
        ("request", "right", "state", "received", "answer before", "outcome"),
        [_row(r, now) for r in requests],
    )


@app.command()
def show(request: RequestArg, org: Org = HERE, as_json: Json = False) -> None:
    """Show one request and what was decided on each datum."""
    from gestand.system import open_system

    with open_system(org) as house:
        found = house.requests.one(request)
        decisions = house.requests.decisions(request)
        late = _late(found, house.clock())
    if as_json:
        names = ("item", "field", "decision", "ground", "why_nl", "why_en", "until")
        emit({**_document(found), "decisions": [dict(zip(names, row, strict=True)) for row in decisions]})
        return
    show_request(found, as_json=False)
    if late:
        say("That day is past: answer now, and say in the answer why it is late.")
    if decisions:
        table("Decisions", ("field", "decision", "ground", "until"), [(r[1], r[2], r[3], r[6]) for r in decisions])


@app.command()
def plan(request: RequestArg, org: Org = HERE, as_json: Json = False, actor: Actor = "owner") -> None:
    """Judge every datum of an erasure request: erase, keep with its ground and date, or restrict. Nothing is erased."""
    from gestand.system import open_system

    with open_system(org) as house:
        judged = house.requests.plan(request, actor=ActorId(actor))
    if as_json:
        emit(plan_of(judged))
    else:
        show_whole_plan(judged)


@app.command()
def find(
    request: RequestArg,
    yes: Annotated[list[str] | None, typer.Option("--yes", help="A doubtful trace that is of this person.")] = None,
    no: Annotated[list[str] | None, typer.Option("--no", help="A doubtful trace that is of someone else.")] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Search every other system for the person who asks; say of the doubtful whose they are."""
    from gestand.doors.cli.copies import show_found
    from gestand.system import open_system

    with open_system(org) as house:
        found = house.requests.find(request, actor=ActorId(actor), yes=yes or (), no=no or ())
    show_found(found, as_json=as_json)


def _document(request: SubjectRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "right": str(request.right),
        "state": str(request.state),
        "channel": str(request.channel),
        "received_at": request.received_at.isoformat(),
        "due": request.due.isoformat(),
        "conservative": request.conservative.isoformat(),
        "identity": str(request.identity) if request.identity else None,
        "known": request.known,
        "matches": request.matches,
        "outcome": request.outcome or None,
    }


def _late(request: SubjectRequest, now: datetime) -> bool:
    """Say whether a request should have been answered by now."""
    return request.open and request.conservative < now


def _row(request: SubjectRequest, now: datetime) -> tuple[str, ...]:
    received, due = (
        moment.astimezone(AMSTERDAM).strftime("%Y-%m-%d") for moment in (request.received_at, request.conservative)
    )
    due += " (past)" if _late(request, now) else ""
    return (request.id, str(request.right), str(request.state), received, due, request.outcome)


def show_request(
    request: SubjectRequest, *, as_json: bool, letter: Mapping[str, str] | None = None, sent: Sent | None = None
) -> None:
    """Show one request with its clock, the letter that goes with it, and how that leaves."""
    if as_json:
        emit({**_document(request), **({"letter": dict(letter)} if letter else {}), **sent_document(sent)})
        return
    due = request.conservative.astimezone(AMSTERDAM).strftime("%Y-%m-%d")
    if request.open:
        say(f"{request.id}: {request.right}, {request.state}. Answer before the end of {due} (Article 12(3)).")
    else:
        say(f"{request.id}: {request.right}, {request.state} ({request.outcome}).")
    if letter:
        say(f"\n{letter['nl']}")
    say_sent(sent)
    if request.open and request.ambiguous:
        say(f"{request.matches} subjects have this contact point. Find out who asks; name that one when you verify.")
    elif request.open and not request.known:
        say("Nobody with this contact point is known. The clock runs all the same; 'nothing held' is an answer too.")
