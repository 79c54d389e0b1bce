"""The noun of the office's table: one way in, who may use it, for which purpose, and what makes the page.

    ROUTES = (
        Route("people/{subject}", "GET", "staff", CHOSEN, card),
        Route("people/{subject}/note", "POST", "staff", CHOSEN, note),
    )

A page module lists its routes so; ``table.py`` collects them, and nothing else is reachable. ``{names}`` hold ids alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gestand.statement.policy import Text

if TYPE_CHECKING:
    from gestand.doors.office.visit import Answer, Visit

View = Callable[["Visit"], "Answer"]
Audience = Literal["staff", "keeper"]

NONE = "none"
"""No personal datum is opened."""
CHOSEN = "chosen"
"""The purpose follows the dossier or is chosen; the view asks ``visit.purpose()``, which refuses what no role allows."""
RIGHTS = "rights"
"""The policy's own purpose of answering people; refused before the view is called where no role allows it."""
BREACH = "breach"
"""The purpose under which the files of breaches are kept and people are warned; refused likewise."""

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One way in. ``fresh``: a passkey was shown in the last minutes; ``long``: it takes minutes, so that others do not wait."""

    path: str
    method: Literal["GET", "POST"]
    audience: Audience
    purpose: str
    view: View
    fresh: bool = False
    long: bool = False
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        shape = _NAME.sub(r"(?P<\1>[A-Za-z0-9_.-]{1,80})", self.path)
        object.__setattr__(self, "pattern", re.compile(shape))


@dataclass(frozen=True, slots=True)
class Page:
    """A place in the menu, with its routes. ``title`` None: reached from another page alone."""

    id: str
    title: Text | None
    routes: tuple[Route, ...]
    group: Literal["work", "promise", "house"] = "work"
    audience: Audience = "staff"
