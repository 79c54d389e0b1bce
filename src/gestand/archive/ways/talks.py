"""What was said in a chat, whatever telephone wrote it down: lines with a moment, and a message for each day of them.

A day of a conversation is a message, so that each day has its own period; who said what and when stands in its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from gestand.archive.ways.typed import Attachment, Typed
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.errors import UsageError

OWN: Final = "wij"
"""How a line of the firm's own telephone begins, where the file gives it no name."""
OCTETS: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a conversation; ``who`` empty: the telephone itself says it."""

    at: datetime
    who: str
    what: str
    attachments: tuple[Attachment, ...] = ()


def by_day(service: str, person: str, said: Sequence[Said]) -> Iterator[Typed]:
    """Yield a message for each day of a conversation."""
    days: dict[date, list[Said]] = {}
    for one in said:
        days.setdefault(local_date(one.at), []).append(one)
    for day, lines in sorted(days.items()):
        text = "\n".join(f"{one.at.astimezone(AMSTERDAM):%H:%M} {one.who or '-'}: {one.what}" for one in lines)
        files = tuple({one.name: one for line in lines for one in line.attachments}.values())
        yield Typed("chat", person, f"{service} {person} {day.isoformat()}", text, lines[-1].at, files)


def unknown_chat(path: Path, why: str) -> UsageError:
    """Return the error for a file that is no chat that is known."""
    return UsageError(
        "chat-format",
        f"this is no exported chat that is known: {why}",
        where=str(path),
        remedy="Export it from WhatsApp (Export chat, .txt or .zip) or with SMS Backup & Restore (.xml).",
    )
