"""One page of a list: so many things after an id, and where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nsmallest
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def page(
    things: Iterable[Thing], name: Callable[[Thing], str], limit: int, after: str, *, ordered: bool = False
) -> tuple[list[Thing], str | None]:
    """Return one page in the order of the ids, and where the next begins (None: this was the last).

    ``ordered``: they come in the order of their ids and after ``after``, so that no more than a page is read.
    """
    if ordered:
        found = list(islice(things, limit + 1))
    else:
        found = nsmallest(limit + 1, (one for one in things if name(one) > after), key=name)
    return found[:limit], name(found[limit - 1]) if len(found) > limit else None
