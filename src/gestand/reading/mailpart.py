"""A part of a message, and the tree of them as a parser gave it. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from gestand.reading.mailheads import Heads


@dataclass(slots=True)
class Part:
    """A leaf of the tree: its kind, charset, name, whether it is shown in the text, and its bytes."""

    kind: str
    charset: str
    name: str
    inline: bool
    content: bytes

    @property
    def shown(self) -> bool:
        """Whether it is text of the message, and no attachment."""
        return self.inline and self.kind.startswith("text/") and self.kind != "text/calendar"


@dataclass(slots=True)
class Tree:
    """A message as a parser gave it: its heads, those of messages within it, its leaves.

    ``why``: the code of what was wrong or left out. Not ``sound``: nothing of its content can be told apart.
    """

    heads: Heads
    inner: list[Heads]
    parts: list[Part]
    why: str = ""
    sound: bool = True
