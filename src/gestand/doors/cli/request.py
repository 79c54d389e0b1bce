"""``gestand request``: what a data subject asks, from receipt to proof."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli import request_cases
from gestand.doors.cli.copies import plan_document, removal_document, show_plan
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.doors.cli.writing import write_out
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, SubjectId
from gestand.rights.model import AccessAnswer, Channel, Closing, ErasurePlan, IdentityLevel, Right, SubjectRequest
from gestand.rights.portable import PortableCopy

app = typer.Typer()
app.registered_commands += request_cases.app.registered_commands
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
    received: Annotated[str, typer.Option("--received", help="When it arrived, with zone; now if left out.")] = "",
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
    show_request(request, as_json=as_json)


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "request-moment", f"'{text}' is no instant", where="--received", remedy="Write 2026-11-22T09:30:00+01:00."
        ) from None


@app.command()
def verify(
    request: RequestArg,
    level: Annotated[IdentityLevel, typer.Option("--level", help="How you became sure, least intrusive first.")],
    subject: Annotated[
        str, typer.Option("--subject", help="Whose data it is about, where the contact point does not tell.")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record how identity was judged. What you were shown is not kept; only the level and the moment."""
    from gestand.system import open_system

    with open_system(org) as house:
        confirmed = house.requests.confirm(
            request, level, actor=ActorId(actor), subject=SubjectId(subject) if subject else None
        )
    show_request(confirmed, as_json=as_json)


@app.command()
def extend(
    request: RequestArg,
    reason: Annotated[str, typer.Option("--reason", help="Why it takes longer, as the person is told.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Extend by two months, within the first month, with the reason that the person is told (Article 12(3))."""
    from gestand.rights.letters import extension_letter
    from gestand.system import open_system

    with open_system(org) as house:
        extended = house.requests.extend(request, reason, actor=ActorId(actor))
        letter = _letters(house, extension_letter, extended)
    show_request(extended, as_json=as_json, letter=letter)


@app.command()
def reject(
    request: RequestArg,
    ground: Annotated[str, typer.Option("--ground", help="Why not, as the person is told, with the article.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Reject a request, with its ground (Article 12(4)): only a person does."""
    from gestand.rights.letters import rejection_letter
    from gestand.system import open_system

    with open_system(org) as house:
        rejected = house.requests.reject(request, ground, actor=ActorId(actor))
        letter = _letters(house, rejection_letter, rejected)
    show_request(rejected, as_json=as_json, letter=letter)


@app.command()
def close(
    request: RequestArg,
    outcome: Annotated[Closing, typer.Option("--outcome", help="How it ended.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Close a request that was carried out on the data themselves, or that the person took back."""
    from gestand.system import open_system

    with open_system(org) as house:
        closed = house.requests.close(request, outcome, actor=ActorId(actor))
    show_request(closed, as_json=as_json)


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
        requests = list(house.requests.all())
    if as_json:
        emit({"requests": [_document(r) for r in requests]})
        return
    table(
        "Requests", ("request", "right", "state", "received", "answer before", "outcome"), [_row(r) for r in requests]
    )


@app.command()
def show(request: RequestArg, org: Org = HERE, as_json: Json = False) -> None:
    """Show one request and what was decided on each datum."""
    from gestand.system import open_system

    with open_system(org) as house:
        found = house.requests.one(request)
        decisions = house.requests.decisions(request)
    if as_json:
        names = ("item", "field", "decision", "ground", "why_nl", "why_en", "until")
        emit({**_document(found), "decisions": [dict(zip(names, row, strict=True)) for row in decisions]})
        return
    show_request(found, as_json=False)
    if decisions:
        table("Decisions", ("field", "decision", "ground", "until"), [(r[1], r[2], r[3], r[6]) for r in decisions])


@app.command()
def plan(request: RequestArg, org: Org = HERE, as_json: Json = False, actor: Actor = "owner") -> None:
    """Judge every datum of an erasure request: erase, keep with its ground and date, or restrict. Nothing is erased."""
    from gestand.system import open_system

    with open_system(org) as house:
        judged = house.requests.plan(request, actor=ActorId(actor))
    if as_json:
        emit(_plan_document(judged))
    else:
        _show_plan(judged)


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


@app.command()
def fulfil(
    request: RequestArg,
    out: Annotated[Path | None, typer.Option("--out", help="A new folder for the answer, to send.")] = None,
    hand_over: Annotated[
        bool, typer.Option("--hand-over", help="Seal the answer under a one-time code, to be fetched once.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Answer an access request, give a portable copy, or carry out an erasure request as planned and search again."""
    from gestand.system import open_system

    if out is not None and out.exists():
        raise UsageError(
            "answer-folder", f"{out} is there already", where="--out", remedy="Name a folder that does not exist yet."
        )
    with open_system(org) as house:
        found = house.requests.one(request)
        if found.right is Right.ACCESS:
            _answer(house, request, out, hand_over=hand_over, dry_run=dry_run, as_json=as_json, actor=ActorId(actor))
        elif found.right is Right.PORTABILITY:
            _port(house, request, out, dry_run=dry_run, as_json=as_json, actor=ActorId(actor))
        elif found.right is Right.ERASURE:
            _erase(house, request, out, dry_run=dry_run, as_json=as_json, actor=ActorId(actor))
        else:
            raise UsageError(
                "request-right",
                f"'{found.right}' is carried out on the data themselves",
                where=request,
                remedy="See 'gestand subject --help' (rectify, restrict, object), then 'gestand request close'.",
            )


def _answer(
    house: Any, request: str, out: Path | None, *, hand_over: bool, dry_run: bool, as_json: bool, actor: ActorId
) -> None:
    from gestand.rights import package
    from gestand.rights.answer import to_json
    from gestand.rights.letters import access_letter

    if dry_run:
        _foresee(house, request, as_json=as_json)
        return

    handed: dict[str, str] = {}

    def deliver(answer: AccessAnswer) -> None:
        if out is not None or hand_over:
            handed.update(_give(house, answer, out, hand_over=hand_over, actor=actor))
        if as_json:
            emit({**to_json(answer), **handed})
        elif out is None and not hand_over:
            say(access_letter(answer, "nl"))

    answer = house.requests.answer(request, actor=actor, deliver=deliver)
    if out is not None:
        (out / "receipt.tlog-proof").write_bytes(package.proof_of(house.ledger, request))
        if not as_json:
            say(f"{len(answer.data)} data answered. Send what is in {out}, then remove that folder.")
    if hand_over and not as_json:
        say(
            f"{len(answer.data)} data wait to be fetched. Tell the person this code; it is kept nowhere: {handed['code']}"
        )


def _give(house: Any, answer: AccessAnswer, out: Path | None, *, hand_over: bool, actor: ActorId) -> dict[str, str]:
    from gestand.rights import package

    def typeset(language: str, body: str) -> bytes:
        made: bytes = house.post.letter("access", language, {"body": _body(body)})
        return made

    files = package.files_of(answer, typeset)
    if out is not None:
        write_out(out, files)
    return {"code": house.parcels.put(answer.request, files, actor=actor)} if hand_over else {}


def _foresee(house: Any, request: str, *, as_json: bool) -> None:
    holdings = house.vault.holdings(house.requests.one(request).subject)
    if as_json:
        emit({"request": request, "data": [{"field": h.field, "source": h.source} for h in holdings], "dry_run": True})
    else:
        say(f"The answer would hold {len(holdings)} data: {', '.join(h.field for h in holdings) or 'none'}.")


def _body(letter: str) -> str:
    """Return a letter without its first lines: sender, date and title stand in the letterhead."""
    return "\n".join(letter.splitlines()[3:])


def _port(house: Any, request: str, out: Path | None, *, dry_run: bool, as_json: bool, actor: ActorId) -> None:
    if out is None and not dry_run:
        raise UsageError(
            "answer-folder", "a copy to take along is files", where="--out", remedy="Name a new folder with --out."
        )
    if dry_run:
        holdings = house.vault.holdings(house.requests.one(request).subject)
        say(f"The copy would be made of what the person provided, at most {len(holdings)} data.")
        return

    def deliver(copy: PortableCopy) -> None:
        if out is not None:
            write_out(out, {name: text.encode() for name, text in copy.files.items() if text})

    copy = house.requests.port(request, actor=actor, deliver=deliver)
    if as_json:
        emit({"request": copy.request, "data": len(copy.data), "digest": copy.digest, "folder": str(out)})
    else:
        say(f"{len(copy.data)} data to take along. Send what is in {out}, then remove that folder.")


def _erase(house: Any, request: str, out: Path | None, *, dry_run: bool, as_json: bool, actor: ActorId) -> None:
    from gestand.rights.letters import erasure_letter

    if dry_run:
        preview = house.requests.preview(request)
        emit({**_plan_document(preview), "dry_run": True}) if as_json else _show_plan(preview)
        return
    outcome = house.requests.erase(request, actor=actor)
    policy = house.statements.in_force().policy
    letters = {
        f"letter.{language}.txt": erasure_letter(
            outcome, policy.controller, local_date(house.clock()), language, request_shelf=policy.rights.shelf
        )
        for language in ("nl", "en")
    }
    if out is not None:
        write_out(out, {name: text.encode() for name, text in letters.items()})
    if as_json:
        emit(
            {
                **_plan_document(outcome.plan),
                "erased": outcome.erased,
                "kept": outcome.kept,
                "removed": [removal_document(copy) for copy in outcome.copies],
                "absence_proven": outcome.absence_proven,
                "to_tell": [{"nl": text.nl, "en": text.en} for text in outcome.to_tell],
                "letter": {"nl": letters["letter.nl.txt"], "en": letters["letter.en.txt"]},
            }
        )
        return
    _show_plan(outcome.plan)
    say(f"{outcome.erased} erased. Searched again: {outcome.found_afterwards} found.\n")
    say(letters["letter.nl.txt"] if out is None else f"Send the letter in {out}, then remove that folder.")


def _letters(house: Any, write: Any, request: SubjectRequest) -> dict[str, str]:
    controller, today = house.statements.in_force().policy.controller, local_date(house.clock())
    return {language: write(request, controller, today, language) for language in ("nl", "en")}


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


def _row(request: SubjectRequest) -> tuple[str, ...]:
    received, due = (
        moment.astimezone(AMSTERDAM).strftime("%Y-%m-%d") for moment in (request.received_at, request.conservative)
    )
    return (request.id, str(request.right), str(request.state), received, due, request.outcome)


def show_request(request: SubjectRequest, *, as_json: bool, letter: dict[str, str] | None = None) -> None:
    """Show one request with its clock, and the letter to send."""
    if as_json:
        emit({**_document(request), **({"letter": letter} if letter else {})})
        return
    due = request.conservative.astimezone(AMSTERDAM).strftime("%Y-%m-%d")
    if request.open:
        say(f"{request.id}: {request.right}, {request.state}. Answer before the end of {due} (Article 12(3)).")
    else:
        say(f"{request.id}: {request.right}, {request.state} ({request.outcome}).")
    if letter:
        say(f"\nSend this to who asked:\n\n{letter['nl']}")
    if request.open and request.ambiguous:
        say(f"{request.matches} subjects have this contact point. Find out who asks; name that one when you verify.")
    elif request.open and not request.known:
        say("Nobody with this contact point is known. The clock runs all the same; 'nothing held' is an answer too.")


def _plan_document(plan: ErasurePlan) -> dict[str, Any]:
    return {
        "request": plan.request,
        "on": plan.on.isoformat(),
        "digest": plan.digest,
        "decisions": [
            {
                "item": d.holding.item,
                "field": d.holding.field,
                "decision": str(d.decision),
                "ground": d.ground,
                "why": {"nl": d.why.nl, "en": d.why.en},
                "until": d.until.isoformat() if d.until else None,
            }
            for d in plan.decisions
        ],
        "copies": [plan_document(copy) for copy in plan.copies],
    }


def _show_plan(plan: ErasurePlan) -> None:
    rows = [
        (str(d.holding.field), str(d.decision), d.why.nl, d.ground, d.until.isoformat() if d.until else "")
        for d in plan.decisions
    ]
    table(f"Plan for {plan.request} on {plan.on}", ("field", "decision", "why", "ground", "until"), rows)
    for copy in plan.copies:
        show_plan(copy)
