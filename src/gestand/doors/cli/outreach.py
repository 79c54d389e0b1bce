"""``gestand outreach``: newsletters, service messages and offers: to whom they may go, why, and how people stop them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.outreach.model import CampaignKind, Outcome, Via

if TYPE_CHECKING:
    from gestand.outreach.model import Audience, Campaign, Status

_DIGITS = 12  # of a digest, where no version has the words that were agreed to
app = typer.Typer()
CampaignArg = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command()
def new(
    template: Annotated[Path, typer.Argument(help="The message in Markdown, or the words for a call.")],
    purpose: Annotated[str, typer.Option("--purpose", help="The purpose of the statement it is for.")],
    title: Annotated[str, typer.Option("--title", help="Its subject line.")],
    kind: Annotated[CampaignKind, typer.Option("--kind", help="What it is.")] = CampaignKind.NEWSLETTER,
    via: Annotated[Via, typer.Option("--via", help="How people are reached.")] = Via.MAIL,
    language: Annotated[str, typer.Option("--language", help="nl or en.")] = "nl",
    own_similar: Annotated[
        bool | None, typer.Option("--own-similar/--not-own-similar", help="You state: own similar products only.")
    ] = None,
    stop_at_collection: Annotated[
        bool | None,
        typer.Option(
            "--could-refuse/--could-not-refuse", help="You state: refusing was possible when the address was given."
        ),
    ] = None,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Make a campaign. Nothing is sent; what the statement or the law does not allow is refused at once."""
    try:
        words = template.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(
            "template-unreadable",
            f"it cannot be read: {fault}",
            where=str(template),
            remedy="Name a text file in UTF-8.",
        ) from None
    with opened(org) as house:
        campaign = house.outreach.new(
            kind, via, PurposeId(purpose), title=title, template=words, language=language,
            own_similar=own_similar, stop_at_collection=stop_at_collection, actor=ActorId(actor),
        )  # fmt: skip
        audience = house.outreach.audience(campaign.id)
    _show_audience(campaign, audience, as_json=as_json)


@app.command()
def audience(
    campaign: CampaignArg,
    person: Annotated[str, typer.Option("--subject", help="Only this person: may it go, why, and the proof.")] = "",
    people: Annotated[bool, typer.Option("--people", help="Also everyone by id, with the reason.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Say who may get it, who is left out, and why. Nothing is opened or sent."""
    from gestand.outreach.model import Audience

    with opened(org) as house:
        found = house.outreach.one(campaign)
        if person:
            judged = Audience(found.id, (house.outreach.why(campaign, SubjectId(person)),))
        else:
            judged = house.outreach.audience(campaign)
    _show_audience(found, judged, as_json=as_json, people=people or bool(person))


@app.command("test")
def trial(
    campaign: CampaignArg,
    to: Annotated[str, typer.Option("--to", help="Your own address.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Queue a trial message to yourself, with invented values; 'post deliver' sends it."""
    with opened(org) as house:
        message_id = house.outreach.test(campaign, to, actor=ActorId(actor))
    if as_json:
        emit({"id": campaign, "allowed": True, "why": [], "due": None, "counts": {}, "message": message_id})
        return
    say(
        f"Queued as {message_id}. Send it with 'gestand post deliver', read it, then 'gestand outreach send {campaign}'."
    )


@app.command()
def send(
    campaign: CampaignArg,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say to whom it would go.")] = False,
    queue_only: Annotated[bool, typer.Option("--queue", help="Do not deliver now.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Send it to everyone who may get it; each is judged again in the second before it leaves. Can be interrupted."""
    if dry_run:
        audience(campaign, "", False, org, as_json)
        return
    with opened(org) as house:
        house.outreach.send(campaign, actor=ActorId(actor))
        done = None if queue_only else house.post.deliver()
        status = house.outreach.status(campaign)
    _show_status(status, as_json=as_json, stopped=done.stopped if done else "")
    if done and done.stopped:
        raise typer.Exit(1)


@app.command()
def stop(campaign: CampaignArg, org: Org = HERE, as_json: Json = False, actor: Actor = "owner") -> None:
    """Stop it: what has not left does not leave."""
    with opened(org) as house:
        house.outreach.stop(campaign, actor=ActorId(actor))
        status = house.outreach.status(campaign)
    _show_status(status, as_json=as_json)


@app.command()
def calls(
    campaign: CampaignArg,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many people.")] = 25,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Show whom to call next, judged now; their names and numbers are opened for it, and that is recorded."""
    from gestand.outreach.words import IN_EACH_CALL

    with opened(org) as house:
        found = house.outreach.one(campaign)
        lines = house.outreach.calls(campaign, actor=ActorId(actor), limit=limit)
    if as_json:
        listed = [
            {"subject": one.subject, "name": one.name, "numbers": list(one.numbers), "tries": one.tries}
            for one in lines
        ]
        emit(
            {
                "id": campaign,
                "allowed": bool(lines),
                "why": [],
                "due": None,
                "counts": {"to_call": len(lines)},
                "calls": listed,
            }
        )
        return
    say(found.template.strip() + "\n")
    say(IN_EACH_CALL.into(found.language))
    table(
        found.title, ("subject", "name", "number"), [(one.subject, one.name, ", ".join(one.numbers)) for one in lines]
    )


@app.command()
def record(
    campaign: CampaignArg,
    person: Annotated[str, typer.Argument(metavar="SUBJECT", help="Who was called.")],
    outcome: Annotated[Outcome, typer.Option("--outcome", help="How it went.")],
    offered: Annotated[bool, typer.Option("--offered", help="The right to object was offered in the call.")] = False,
    objected: Annotated[
        bool, typer.Option("--objected", help="They do not want this any more; it works at once.")
    ] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Record how a call went."""
    with opened(org) as house:
        house.outreach.record(
            campaign, SubjectId(person), outcome, offered=offered, objected=objected, actor=ActorId(actor)
        )
        status = house.outreach.status(campaign)
    _show_status(status, as_json=as_json)


@app.command()
def status(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's id; none: all of them.")] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Show what became of a campaign's messages or calls, or list all campaigns."""
    with opened(org) as house:
        house.post.recover()
        if campaign:
            _show_status(house.outreach.status(campaign), as_json=as_json)
            return
        found = [house.outreach.status(one.id) for one in house.outreach.all()]
    if as_json:
        emit([_document(one) for one in found])
        return
    rows = [(one.campaign.id, str(one.campaign.kind), one.campaign.title, _standing(one), _told(one)) for one in found]
    table("Campaigns", ("campaign", "kind", "title", "state", "came to"), rows)


@app.command()
def history(
    person: Annotated[str, typer.Argument(metavar="SUBJECT", help="The person.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Show every consent and objection of a person, and their ends, as the ledger has them."""
    with opened(org) as house:
        moments = house.outreach.history(SubjectId(person))
    if as_json:
        emit([{"at": m.at.isoformat(), "what": m.what, "purposes": list(m.purposes), "channel": m.channel, "text": m.text, "entry": m.entry}
              for m in moments])  # fmt: skip
        return
    rows = [
        (f"{m.at:%Y-%m-%d %H:%M}", m.what, ", ".join(m.purposes), m.channel, m.text[:_DIGITS], str(m.entry))
        for m in moments
    ]
    table("What this person chose", ("when (UTC)", "what", "purposes", "by", "text of", "ledger"), rows)


@app.command()
def forget(
    contact: Annotated[
        str, typer.Argument(help="The address or number whose mark must go, at the person's own insistence.")
    ],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Take an address or number off the list of those never to be approached; only if the person insists."""
    with opened(org) as house:
        found = house.outreach.suppression.forget(contact)
    if as_json:
        emit({"id": "", "allowed": True, "why": [], "due": None, "counts": {"removed": int(found)}})
        return
    say("Taken off the list." if found else "It was not on the list.")


def _show_audience(campaign: Campaign, found: Audience, *, as_json: bool, people: bool = False) -> None:
    from gestand.outreach.words import REASONS

    left_out = found.counts(allowed=False)
    if as_json:
        document: dict[str, Any] = {
            "id": campaign.id,
            "allowed": bool(found.allowed),
            "why": sorted({REASONS[why].nl for why in left_out}),
            "due": None,
            "counts": {
                "allowed": len(found.allowed),
                "left_out": len(found.judged) - len(found.allowed),
                "by_reason": {str(why): n for why, n in left_out.items()},
            },
        }
        if people:
            document["people"] = [
                {"subject": one.subject, "allowed": one.allowed, "why": str(one.why), "articles": list(one.articles),
                 "reasons": list(one.reasons), "version": one.ground.version,
                 "consented_at": one.ground.consent.at.isoformat() if one.ground.consent else None,
                 "channel": one.ground.consent.channel if one.ground.consent else ""}
                for one in found.judged
            ]  # fmt: skip
        emit(document)
        return
    say(f"{campaign.id} {campaign.kind} '{campaign.title}': {len(found.allowed)} may get it.")
    for why, number in left_out.items():
        say(f"  left out: {number} ({REASONS[why].nl})")
    if people:
        rows = [
            (one.subject, "yes" if one.allowed else "no", REASONS[one.why].nl, one.ground.version)
            for one in found.judged
        ]
        table("Everyone", ("subject", "may", "why", "text of"), rows)


def _show_status(found: Status, *, as_json: bool, stopped: str = "") -> None:
    if as_json:
        emit(_document(found) | ({"stopped": stopped} if stopped else {}))
        return
    say(f"{found.campaign.id} {_standing(found)}: {_told(found)}")
    if stopped:
        say(f"Stopped: {stopped}")


def _standing(found: Status) -> str:
    return "finished" if found.finished else str(found.campaign.state)


def _told(found: Status) -> str:
    counts = {str(state): number for state, number in found.messages.items()} | dict(found.calls)
    return ", ".join(f"{number} {name}" for name, number in counts.items()) or "nothing yet"


def _document(found: Status) -> dict[str, Any]:
    counts = {str(state): number for state, number in found.messages.items()} | dict(found.calls)
    return {
        "id": found.campaign.id,
        "allowed": str(found.campaign.state) == "running",
        "why": [],
        "due": None,
        "counts": counts,
        "kind": str(found.campaign.kind),
        "via": str(found.campaign.via),
        "purpose": found.campaign.purpose,
        "title": found.campaign.title,
        "state": str(found.campaign.state),
        "finished": found.finished,
    }
