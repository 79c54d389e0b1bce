"""``gestand request``, continued: what is decided is told by letter: extend, reject, close, reply, and a receipt on paper."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say
from gestand.doors.cli.sent import Language, Send, say_sent, sent_document
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId
from gestand.rights.giving import Given
from gestand.rights.model import Channel, Closing, Exempt

app = typer.Typer()
RequestArg = Annotated[str, typer.Argument(metavar="REQUEST", help="The request's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command()
def extend(
    request: RequestArg,
    reason: Annotated[str, typer.Option("--reason", help="Why it takes longer, as the person is told.")],
    send: Send = True,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Extend by two months, within the first month, with the reason that the person is told (Article 12(3))."""
    from gestand.doors.cli.request import show_request

    with opened(org) as house:
        made = house.requests.extend(request, reason, actor=ActorId(actor))
        letters = house.requests.letters
        sent = letters.extended(request, actor=ActorId(actor), language=language) if send else None
        letter = letters.extension(request, sent.name if sent else "")
    show_request(made, as_json=as_json, letter=letter, sent=sent)


@app.command()
def reject(
    request: RequestArg,
    ground: Annotated[str, typer.Option("--ground", help="Why not, as the person is told, with the article.")],
    exempt: Annotated[
        Exempt | None, typer.Option("--exempt", help="Why an objection may be refused; one to marketing never may.")
    ] = None,
    send: Send = True,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Reject a request, with its ground (Article 12(4)): only a person does."""
    from gestand.doors.cli.request import show_request

    with opened(org) as house:
        made = house.requests.reject(request, ground, actor=ActorId(actor), exempt=exempt)
        letters = house.requests.letters
        sent = letters.rejected(request, actor=ActorId(actor), language=language) if send else None
        letter = letters.rejection(request, sent.name if sent else "")
    show_request(made, as_json=as_json, letter=letter, sent=sent)


@app.command()
def close(
    request: RequestArg,
    outcome: Annotated[Closing, typer.Option("--outcome", help="How it ended.")],
    send: Send = True,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Close a request that was carried out on the data themselves, or that the person took back."""
    from gestand.doors.cli.request import show_request

    with opened(org) as house:
        closed = house.requests.close(request, outcome, actor=ActorId(actor))
        sent = house.requests.letters.closed(request, actor=ActorId(actor), language=language) if send else None
    show_request(closed, as_json=as_json, sent=sent)


@app.command()
def reply(
    request: RequestArg,
    words: Annotated[str, typer.Option("--text", help="The answer; - reads it from standard input.")],
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Answer a plain question in your own words, send that, and close it."""
    from gestand.doors.cli.request import show_request

    text = sys.stdin.read() if words == "-" else words
    with opened(org) as house:
        closed, sent = house.requests.letters.replied(request, text, actor=ActorId(actor), language=language)
    show_request(closed, as_json=as_json, sent=sent)


@app.command()
def given(
    request: RequestArg,
    way: Annotated[Channel, typer.Option("--way", help="How it was given.")],
    on: Annotated[str, typer.Option("--on", help="The day it was given, such as 2026-12-07; today without it.")] = "",
    what: Annotated[Given, typer.Option("--what", help="What was told.")] = Given.ANSWER,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record that you gave an answer, a refusal or the notice of an extension by hand: what leaves from here is known."""
    from gestand.doors.cli.request import show_request

    with opened(org) as house:
        told = house.requests.given(request, what, way, on=_day(on), actor=ActorId(actor))
    show_request(told, as_json=as_json)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            "given-date",
            f"'{text}' is no day",
            where="--on",
            remedy="Give the day on which who asked was told, such as 2026-12-07.",
        ) from None


@app.command()
def receipt(
    request: RequestArg,
    into: Annotated[Path | None, typer.Option("--print", help="Write the PDF to this file at once.")] = None,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Put the receipt of a request on the pile to print, for who wrote a letter, called or came by."""
    if into is not None and into.exists():
        raise UsageError("answer-folder", f"{into} is there already", where="--print", remedy="Name a new file.")
    with opened(org) as house:
        sent = house.requests.letters.receipt(request, actor=ActorId(actor), language=language)
        if into is not None:
            into.write_bytes(house.post.content(sent.message, actor=ActorId(actor), reason="printed"))
    if as_json:
        emit({"request": request, "file": str(into) if into else None, **sent_document(sent)})
        return
    if into is not None:
        say(f"The receipt is in {into}. Posted? 'gestand post print' marks it.")
    say_sent(sent)
