"""Growth: what each verb that is about one subject costs as the store grows tenfold, ten items a subject at every size."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random  # noqa: TID251 - a seeded run, the same each time; nothing is secret here
from statistics import median
from typing import Any

from gestand.bench.gdpr.kept import OWNER, Kept
from gestand.bench.gdpr.records import PER_SUBJECT, record, text_of
from gestand.bench.gdpr.timing import seconds
from gestand.bench.gdpr.workload import Kind, Op
from gestand.bench.report import Result, document
from gestand.kernel.errors import GestandError

_REACH = 1.35  # for each tenfold
_START = 100_000
_CALLS = 200
_ERASE = "erase an item"
_CUT = "cut the logs of what an erasure left"


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Measure at 100,000 records and at each tenfold up to ``size``; ``quick``: 2,000 and 20,000."""
    sizes = [2_000, 20_000] if quick else [_START]
    while not quick and sizes[-1] * 10 <= size:
        sizes.append(sizes[-1] * 10)
    return document(measure(sizes, 1 if quick else 5))


def measure(sizes: list[int], rounds: int) -> list[Result]:
    """Measure every verb at each size; from the second size on, against the size before."""
    told: list[Result] = []
    before: dict[str, float] = {}
    for size in sizes:
        found = _at(size, rounds)
        for verb, cost in found.items():
            earlier = before.get(verb)
            ratio = None if earlier is None else cost / earlier
            told.append(
                Result(
                    verb,
                    size,
                    round(cost * 1e6, 1),
                    "µs",
                    other=None if earlier is None else round(earlier * 1e6, 1),
                    ratio=None if ratio is None else round(ratio, 2),
                    reach=None if ratio is None else _REACH,
                    holds=ratio is None or ratio <= _REACH,
                )
            )
        before = found
    return told


def _at(size: int, rounds: int) -> dict[str, float]:
    users = size // PER_SUBJECT
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room:
        kept = Kept(Path(room))
        kept.load((record(key, users) for key in range(size)), users)
        kept.vault.cut_residue()
        chance = Random(size)  # noqa: S311 - as above
        verbs = _verbs(kept)
        costs: dict[str, list[float]] = {name: [] for name in (*verbs, _CUT)}
        fresh = iter(chance.sample(range(users), min(users, rounds * _CALLS * len(verbs) + 1)))
        for _ in range(rounds):
            for name, verb in verbs.items():
                asked = [user for user, _ in zip(fresh, range(min(_CALLS, users // 20)), strict=False)]
                if asked:
                    costs[name].append(seconds(partial(_all, verb, asked)) / len(asked))
                    # Each second the logs are cut of what was deleted. Here after each verb, so that none pays for another.
                    cut = seconds(kept.vault.cut_residue) / len(asked)
                    if name == _ERASE:
                        costs[_CUT].append(cut)
        kept.close()
    return {name: median(found) for name, found in costs.items() if found}


def _verbs(kept: Kept) -> dict[str, Callable[[int], object]]:
    """Return the verbs: each is given a subject that no other was given."""

    def erase_all(user: int) -> None:
        erasure = kept.vault.erase_subject(kept.subjects[user], ground="17(1)(b)", actor=OWNER)
        if erasure.found_afterwards:
            raise GestandError("bench-wrong", "an erasure left something", remedy="The figures count for nothing.")

    return {
        "open a subject": lambda user: kept.run(Op(Kind.READ_USER, user)),
        "open one item": lambda user: kept.run(Op(Kind.READ, user)),
        "what is held": lambda user: kept.vault.holdings(kept.subjects[user]),
        "rectify": lambda user: kept.vault.rectify(kept.items[user], text_of(user, 9), actor=OWNER, reason="benchmark"),
        "object": lambda user: kept.run(Op(Kind.UPDATE_USER, user, "dec", 1)),
        "add an item": lambda user: kept.run(Op(Kind.INSERT, user + len(kept.subjects) * PER_SUBJECT)),
        _ERASE: lambda user: kept.vault.erase([kept.items[user]], ground="17(1)(a)", actor=OWNER),
        "erase a subject": erase_all,
    }


def _all(verb: Callable[[int], object], users: list[int]) -> None:
    for user in users:
        verb(user)
