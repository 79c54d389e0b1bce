"""The control of the ways in of mail: a mailbox that the statement names is read every day."""

from __future__ import annotations

from datetime import timedelta

from gestand.evidence.controls.common import entries
from gestand.evidence.model import Control, Figure, Finding, Verdict, World
from gestand.kernel.clock import AMSTERDAM
from gestand.ledger.model import Entry
from gestand.statement.policy import Text

DAILY = timedelta(hours=24)


def mailbox_read_daily(world: World) -> Verdict:
    """Every mailbox that the statement names was read to its end in the last 24 hours, by the ledger."""
    named = [contact.value for contact in world.policy.controller.contacts if contact.kind == "email"]
    boxes = {box.address.casefold(): box.name for box in world.ways.settings.mailboxes}
    last: dict[str, Entry] = {}
    for entry in entries(world, "mailbox.read"):
        last[str(entry.event.facts.get("mailbox"))] = entry
    late, unread, seen = [], [], []
    for address in named:
        name = boxes.get(address.casefold())
        read = last.get(name or "")
        if read is None:
            unread.append(f"{address} is {'set up, and was never read' if name else 'not set up to be read'}")
        elif world.clock() - read.event.at > DAILY:
            at = f"{read.event.at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
            late.append(f"{address} was last read on {at} (ledger entry {read.index})")
        else:
            seen.append(f"ledger entry {read.index}")
    failed = sum(_number(entry.event.facts.get("failed")) for entry in last.values())
    figures: dict[str, Figure] = {"mailboxes": len(named), "read": len(seen), "unreadable_messages": failed}
    if late:
        why = Text(nl="Een postvak is een dag niet gelezen.", en="A mailbox was not read for a day.")
        return Verdict(Finding.BROKEN, why, figures, tuple(late))
    if unread or not named:
        why = Text(
            nl="Van een postvak is niet te zien wanneer het is gelezen.",
            en="Of a mailbox it cannot be seen when it was read.",
        )
        return Verdict(Finding.UNPROVEN, why, figures, tuple(unread))
    why = Text(nl="Elk postvak is vandaag of gisteren gelezen.", en="Every mailbox was read in the last 24 hours.")
    return Verdict(Finding.KEPT, why, figures, tuple(seen))


def _number(fact: object) -> int:
    return fact if isinstance(fact, int) else 0


CONTROLS = (
    Control(
        "mailbox-read-daily",
        Text(nl="Het postvak wordt elke dag gelezen", en="The mailbox is read every day"),
        Text(nl="de lezingen in het logboek, per postvak", en="the readings in the ledger, for each mailbox"),
        "measured",
        mailbox_read_daily,
        __name__,
        ("ledger-intact",),
    ),
)
