"""What of ``gestand archive`` keeps order: rules, corrections, holds, erasure, the index."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import date_of, opened
from gestand.doors.cli.output import emit, say
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId, MessageId, PurposeId

OWNER = ActorId("owner")
Messages = Annotated[list[str], typer.Argument(metavar="MESSAGE...", help="Ids, as msg_...")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it goes into the ledger.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group of the archive."""
    for command in (status, rules, correct, restrict, restricted, hold, holds, release, erase, reindex):
        app.command()(command)


def status(org: Org = HERE, as_json: Json = False) -> None:
    """Say how many messages are kept, whether all are in the index, and how many lie at their provider still."""
    with opened(org) as house:
        (messages, size), covered = house.archive.counts(), house.archive.coverage()
        origin = house.archive.origins.count()
    if as_json:
        emit({"messages": messages, "bytes": size, "indexed": covered.indexed, "at_origin": origin})
        return
    say(
        f"{messages} messages, {size} bytes as they came; {covered.indexed} in the index; {origin} lie at their provider still."
    )
    if covered.stored != covered.indexed:
        say("The index lacks some, or another version of the program made it: run 'gestand archive reindex'.")


def rules(org: Org = HERE, as_json: Json = False) -> None:
    """List the rules that give a message its shelf, in the order in which they are tried."""
    with opened(org) as house:
        lines = [rule.line for rule in house.archive.purposes.rules]
        purpose = house.config.archive.purpose
    if as_json:
        emit({"rules": lines, "otherwise": purpose})
        return
    for line in lines:
        say(line)
    say(f"{purpose} otherwise")


def correct(
    message: Annotated[str, typer.Argument(help="The message's id.")],
    purpose: Annotated[str, typer.Argument(help="The purpose of the statement that it is kept for from now on.")],
    reason: Reason,
    thread: Annotated[bool, typer.Option("--thread", help="The rest of the conversation too.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Put a message under another purpose, so on its shelf, for good; the rest of the conversation is proposed."""
    with opened(org) as house:
        wanted = PurposeId(purpose)
        [kept] = house.archive.purposes.correct([MessageId(message)], wanted, actor=OWNER, reason=reason)
        others = [one.message for one in house.archive.purposes.of_the_rest(kept.message)]
        if thread and others:
            house.archive.purposes.correct(others, wanted, actor=OWNER, reason=reason)
    if as_json:
        emit({
            "message": kept.message, "shelf": kept.shelf, "due": kept.due.isoformat() if kept.due else None,
            "proposed": [] if thread else others, "along": others if thread else [],
        })  # fmt: skip
        return
    say(f"{kept.message}: shelf {kept.shelf}, to leave on {kept.due}.")
    if others and thread:
        say(f"{len(others)} more of the conversation went along.")
    elif others:
        say(f"{len(others)} more of the conversation lie elsewhere: {', '.join(others)}. With --thread they go along.")


def restrict(
    message: Messages,
    reason: Reason,
    lift: Annotated[bool, typer.Option("--lift", help="Lift the restriction.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Restrict messages: they are kept, and open only to answer the person they are about (Article 18)."""
    with opened(org) as house:
        names = [MessageId(one) for one in message]
        mark = house.archive.restrictions.lift if lift else house.archive.restrictions.place
        count = mark(names, reason=reason, actor=OWNER)
    if as_json:
        emit({"messages": count, "restricted": not lift})
        return
    say(f"{count} messages {'may be used again' if lift else 'restricted'}.")


def restricted(org: Org = HERE, as_json: Json = False) -> None:
    """List the messages that are restricted, since when and why; none is opened."""
    with opened(org) as house:
        found = house.archive.restrictions.every()
    if as_json:
        emit([
            {"message": one.message, "received": one.received.isoformat(), "reason": one.reason,
             "placed": one.placed_at.isoformat()}
            for one in found
        ])  # fmt: skip
        return
    if not found:
        say("No message is restricted.")
    for one in found:
        say(f"{one.message}: received {one.received}, restricted since {one.placed_at:%Y-%m-%d}: {one.reason}")


def hold(
    message: Messages,
    reason: Reason,
    until: Annotated[str, typer.Option("--until", help="The last day of it; open if left out.")] = "",
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Place a legal hold: these messages stay, however due."""
    with opened(org) as house:
        placed = house.archive.holds.place(
            [MessageId(one) for one in message], reason=reason, until=date_of(until), actor=OWNER
        )
    if as_json:
        emit({"hold": placed.id, "messages": list(placed.messages)})
        return
    say(f"{placed.id} lies on {len(placed.messages)} messages.")


def holds(org: Org = HERE, as_json: Json = False) -> None:
    """List the legal holds on messages: on how many, why, until when."""
    with opened(org) as house:
        found = house.archive.holds.every()
    if as_json:
        emit([
            {"hold": one.id, "messages": list(one.messages), "reason": one.reason, "placed": one.placed_at.isoformat(),
             "until": one.until.isoformat() if one.until else None}
            for one in found
        ])  # fmt: skip
        return
    if not found:
        say("No message is held.")
    for one in found:
        end = f"until {one.until}" if one.until else "until it is lifted"
        say(f"{one.id}: {len(one.messages)} messages since {local_date(one.placed_at)}, {end}: {one.reason}")


def release(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="The hold's id; see 'gestand archive holds'.")],
    reason: Reason,
    org: Org = HERE,
) -> None:
    """Lift a legal hold."""
    with opened(org) as house:
        house.archive.holds.lift(hold_id, reason=reason, actor=OWNER)
    say(f"{hold_id} is lifted.")


def erase(
    message: Messages,
    ground: Annotated[str, typer.Option("--ground", help="The article or reason; it goes into the ledger.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Erase messages for real: keys, bytes, words in the index; searched again afterwards."""
    with opened(org) as house:
        done = house.archive.erase([MessageId(one) for one in message], ground=ground, actor=OWNER)
    if as_json:
        emit({"erasure": done.id, "messages": done.messages, "found_afterwards": done.found_afterwards})
        return
    say(f"{done.messages} messages erased; searched again: {done.found_afterwards} found.")


def reindex(org: Org = HERE, as_json: Json = False) -> None:
    """Build the index anew from the sealed messages."""
    with opened(org) as house:
        found = house.archive.reindex(_progress)
    if as_json:
        emit({"indexed": found})
        return
    say(f"{found} messages are in the index.")


def _progress(done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} messages\033[K")
        sys.stderr.flush()
