"""``gestand request``, continued: proposals out of the mail, identity by code, what is special, second looks, the calendar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, table
from gestand.doors.cli.sent import Language, Send, say_sent, sent_document
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.rights.circumstances import Circumstance, Shown
from gestand.rights.model import Right

if TYPE_CHECKING:
    from gestand.rights.proposal import Proposal

app = typer.Typer()
RequestArg = Annotated[str, typer.Argument(metavar="REQUEST", help="The request's id.")]
ProposalArg = Annotated[str, typer.Argument(metavar="PROPOSAL", help="The proposal's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command()
def proposals(
    look: Annotated[bool, typer.Option("--look/--no-look", help="Read what came into the archive since.")] = True,
    every: Annotated[bool, typer.Option("--all", help="Also those that were settled.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show which mails may ask something, why, and by when; accept or dismiss each. Nothing happens by itself."""
    with opened(org) as house:
        if look:
            house.proposals.look(actor=ActorId(actor))
        found = [one for one in house.proposals.all() if every or one.state == "open"]
    if as_json:
        emit({"proposals": [_proposal(one) for one in found]})
        return
    rows = [
        (one.id, str(one.asked), f"{one.confidence:.0%}", f"{one.received_at.astimezone(AMSTERDAM):%Y-%m-%d}",
         f"{one.due.astimezone(AMSTERDAM):%Y-%m-%d}", str(one.state), ", ".join(one.cues))
        for one in found
    ]  # fmt: skip
    table(
        "Mail that may ask something", ("proposal", "asks", "sure", "received", "answer before", "state", "why"), rows
    )


@app.command()
def accept(
    proposal: ProposalArg,
    right: Annotated[Right | None, typer.Option("--right", help="What it asks, if not what was proposed.")] = None,
    contact: Annotated[str, typer.Option("--from", help="Who wrote, if not the sender.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Make a request of a proposal. Its clock runs from the receipt of the mail."""
    from gestand.doors.cli.request import show_request

    with opened(org) as house:
        request = house.proposals.accept(proposal, right=right, contact=contact, actor=ActorId(actor))
    show_request(request, as_json=as_json)


@app.command()
def dismiss(proposal: ProposalArg, org: Org = HERE, as_json: Json = False, actor: Actor = "owner") -> None:
    """Say that a mail does not ask anything of this."""
    with opened(org) as house:
        dismissed = house.proposals.dismiss(proposal, actor=ActorId(actor))
    emit(_proposal(dismissed)) if as_json else say(f"{dismissed.id}: dismissed.")


@app.command()
def challenge(
    request: RequestArg,
    subject: Annotated[
        str, typer.Option("--subject", help="Whose address, where the contact point does not tell.")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Send a one-time code to an address that is held of who asks. It works for ten minutes."""
    with opened(org) as house:
        message = house.requests.send_code(
            request, actor=ActorId(actor), subject=SubjectId(subject) if subject else None
        )
    if as_json:
        emit({"request": request, "message": message})
    else:
        say("A code waits in the outbox; 'gestand post deliver' sends it.")


@app.command()
def prove(
    request: RequestArg,
    typed: Annotated[str, typer.Option("--code", help="The code as the person gave it.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Judge a code that somebody gave back; a right one settles who asks."""
    with opened(org) as house:
        proven = house.requests.prove(request, typed, actor=ActorId(actor))
    if not proven:
        raise RefusedError(
            "identity-code",
            "this code proves nothing: it is wrong, older than ten minutes, used, or was tried too often",
            remedy=f"Send a new one with 'gestand request challenge {request}'.",
        )
    emit({"request": request, "proven": True}) if as_json else say(f"{request}: identity judged by contact-point.")


@app.command()
def pause(request: RequestArg, org: Org = HERE, as_json: Json = False, actor: Actor = "owner") -> None:
    """Record that you asked who it is, because you must; the days until the answer are added."""
    with opened(org) as house:
        house.requests.pause(request, actor=ActorId(actor))
    emit({"request": request, "paused": True}) if as_json else say(f"{request}: the question is out.")


@app.command()
def resume(request: RequestArg, org: Org = HERE, as_json: Json = False, actor: Actor = "owner") -> None:
    """Record that your question was answered."""
    from gestand.doors.cli.request import show_request

    with opened(org) as house:
        resumed = house.requests.resume(request, actor=ActorId(actor))
    show_request(resumed, as_json=as_json)


@app.command()
def judge(
    request: RequestArg,
    kind: Annotated[Circumstance, typer.Argument(help="What is special about it.")],
    shown: Annotated[Shown, typer.Option("--shown", help="What showed it; seen, not copied.")],
    other: Annotated[str, typer.Option("--of", help="Of a duplicate: the request that it repeats.")] = "",
    send: Send = True,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record what is special about a request, and write the letter that says so with its article."""
    from gestand.rights.circumstances import RULES
    from gestand.rights.correspondence import judged

    with opened(org) as house:
        made = house.requests.judge(request, kind, shown, actor=ActorId(actor), other=other)
        told = house.requests.letters.judged(request, kind, actor=ActorId(actor), language=language) if send else None
        said = judged(house.requests.one(request), kind)
        letters = house.requests.letters.words(said, told.name if told else "")
    if as_json:
        ground = RULES[kind].ground
        emit({"request": request, "kind": str(made.kind), "shown": str(made.shown), "of": other or None, "ground": ground,
              "letter": dict(letters), **sent_document(told)})  # fmt: skip
    else:
        say(f"{request}: {made.kind}, shown by {made.shown} ({RULES[kind].ground}).\n\n{letters['nl']}")
        say_sent(told)


@app.command()
def approve(
    request: RequestArg,
    digest: Annotated[str, typer.Option("--digest", help="The digest of the plan that you read.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Look a second time at a plan, as somebody else than who made it, and approve it."""
    with opened(org) as house:
        house.requests.approve(request, digest, actor=ActorId(actor))
    emit({"request": request, "approved": digest}) if as_json else say(f"{request}: the plan is approved by {actor}.")


@app.command()
def calendar(
    ics: Annotated[Path, typer.Option("--ics", help="The file to write.")], org: Org = HERE, as_json: Json = False
) -> None:
    """Write when each open request must be answered as a calendar file (RFC 5545). It names nobody."""
    from gestand.rights.calendar import calendar_of

    with opened(org) as house:
        open_ones = [one for one in house.requests.all() if one.open]
        content = calendar_of(open_ones, house.clock(), house.statements.in_force().policy.controller.name)
    try:
        ics.write_bytes(content)
    except OSError as fault:
        raise UsageError(
            "calendar-file", f"the calendar could not be written: {fault.strerror}", where=str(ics),
            remedy="Name a file in a folder that you may write to.",
        ) from None  # fmt: skip
    emit({"file": str(ics), "requests": len(open_ones)}) if as_json else say(f"{len(open_ones)} requests in {ics}.")


@app.command()
def fetch(
    request: RequestArg,
    typed: Annotated[str, typer.Option("--code", help="The code that came with the answer.")],
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to write.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Fetch an answer that waits, with its code; it is then gone here."""
    if out.exists():
        raise UsageError("answer-folder", f"{out} is there already", where="--out", remedy="Name a new file.")
    with opened(org) as house:
        content = house.parcels.fetch(request, typed)
    out.write_bytes(content)
    emit({"request": request, "file": str(out), "bytes": len(content)}) if as_json else say(f"The answer is in {out}.")


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.id,
        "message": one.message,
        "asks": str(one.asked),
        "confidence": one.confidence,
        "cues": list(one.cues),
        "also": [str(asked) for asked in one.also],
        "received_at": one.received_at.isoformat(),
        "due": one.due.isoformat(),
        "state": str(one.state),
        "request": one.request or None,
    }
