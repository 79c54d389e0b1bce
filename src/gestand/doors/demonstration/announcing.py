"""Telling people of the version of 2026 before it is in force: by mail, and by letter where there is no address for mail."""

from __future__ import annotations

from collections.abc import Callable

from gestand.doors.demonstration.mailserver import mail_server
from gestand.kernel.clock import local_date
from gestand.kernel.ids import ActorId
from gestand.rights.announcing import reference_of
from gestand.system import System

OWNER = ActorId("owner")


def announce(house: System, version: str, tell: Callable[[str, str], None]) -> None:
    """Send the notices of a version, print and post the letters, and say how many."""
    done = house.announcing.announce(version, actor=OWNER)
    with mail_server() as server:
        house.post.deliver(server.courier())
    today = local_date(house.clock())
    for letter in list(house.post.all(state="to-print", reference=reference_of(version))):
        house.post.posted(letter.message_id, on=today, by="the invented owner", actor=OWNER)
    tell(
        "Who it concerns is told beforehand",
        f"{done.concerned} people: {done.mailed} by mail, {done.printed} by letter, {done.unreachable} cannot be reached.",
    )
