"""The run: every side gets the same operations, each client in a fresh process, and the model says whether all answers were right."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gestand.bench.gdpr.clients import Client, Engine, Left, Place, clients
from gestand.bench.gdpr.judging import Measured, Told, judge
from gestand.bench.gdpr.kept import Duties, Kept
from gestand.bench.gdpr.model import Model, Side, agreement
from gestand.bench.gdpr.records import PER_SUBJECT, record
from gestand.bench.gdpr.server import Server, started
from gestand.bench.gdpr.workload import MIXES, Kind, Op, checks, operations, shared_out
from gestand.bench.report import document
from gestand.kernel.errors import GestandError, UsageError

MANY = 8
"""Clients at once, where more than one is asked for: as many processes on both sides."""
_SHARED = ("regulator", "customer", "processor")  # the mixes that are also run by many clients
_CHECKS = 300
_LONGEST = 20  # seconds a round; a side that takes longer gets fewer operations in the next, the same mix


@dataclass(frozen=True, slots=True)
class Asked:
    """What is measured. ``bound``: figures are judged, not only told. ``cache``: where the loaded SQLite files are kept for the next run; None: nowhere."""

    size: int
    count: int
    rounds: int
    mixes: tuple[str, ...]
    many: bool = True
    skewed: bool = True
    bound: bool = True
    cache: Path | None = None


def run(
    *, size: int, quick: bool, mix: str = "", engine: str = "", clients: int = 0, cache: Path | None = None
) -> dict[str, Any]:
    """Run the mixes (or one) over ``size`` records and return the machine form (docs/formats.md).

    ``engine``: only Gestand on ``sqlite`` or ``postgres``; ``clients``: only 1 or 8; by default all.

    :raises GestandError: ``bench-wrong`` if an answer of any side is not the model's.
    :raises UsageError: ``bench-unknown`` for a mix, engine or number of clients that there is not.
    """
    for given, known in ((mix, ("", *MIXES)), (engine, ("", "sqlite", "postgres")), (clients, (0, 1, MANY))):
        if given not in known:
            raise UsageError(
                "bench-unknown",
                f"there is no '{given}' to measure",
                remedy="Name one of: " + ", ".join(str(one) for one in known if one) + ".",
            )
    size, count, rounds = (min(size, 2_000), 100, 2) if quick else (size, 2_000, 5)
    asked = Asked(
        size,
        count,
        rounds,
        (mix,) if mix else tuple(MIXES),
        many=clients != 1 and engine != "sqlite" and not quick,
        skewed=not engine and not clients and not quick,
        bound=not quick,
        cache=cache,
    )
    kept = {"sqlite": [Engine.KEPT_SQLITE], "postgres": [Engine.KEPT_POSTGRES]}
    found = measure(asked, kept.get(engine, [Engine.KEPT_SQLITE, Engine.KEPT_POSTGRES]), alone=clients != MANY)
    return {**document(found.results), "notes": found.notes}


def measure(asked: Asked, kept: Sequence[Engine], *, alone: bool = True) -> Told:
    """Measure each mix by one client (``alone``), by many on PostgreSQL, and by one over skewed subjects."""
    told = Told()
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as room, ExitStack() as stack:
        folder = Path(room)
        server = stack.enter_context(started(folder))
        if server is None:
            told.notes.append("PostgreSQL or psycopg is not installed: its sides are missing from this run")
        sides = [*kept, Engine.PLAIN_SQLITE, Engine.PLAIN_POSTGRES]
        networked = [engine for engine in sides if engine in {Engine.KEPT_POSTGRES, Engine.PLAIN_POSTGRES}]
        for mix in asked.mixes:
            users = asked.size // PER_SUBJECT
            wanted = Wanted(mix, asked.size, users, asked.count, asked.rounds, cache=asked.cache)
            if alone:
                judge(
                    wanted.name,
                    wanted.size,
                    list(_measured(folder, wanted, sides, server, told)),
                    told,
                    bound=asked.bound,
                )
            if asked.many and mix in _SHARED and server is not None:
                shared = wanted._replace(clients=MANY)
                judge(shared.name, wanted.size, list(_measured(folder, shared, networked, server, told)), told)
            if asked.skewed and alone:
                skewed = wanted._replace(skewed=True)
                found = list(_measured(folder, skewed, [Engine.KEPT_SQLITE, Engine.PLAIN_POSTGRES], server, told))
                judge(skewed.name, wanted.size, found, told, bound=False)
    return told


class Wanted(NamedTuple):
    """What is run on each side: a mix over so many records of so many subjects, so many operations a round.

    ``clients`` 0: one within this process, for a test.
    """

    mix: str
    size: int
    users: int
    asked: int
    rounds: int
    clients: int = 1
    skewed: bool = False
    cache: Path | None = None

    @property
    def name(self) -> str:
        """Return how the run is told."""
        return (
            self.mix + (f", {self.clients} clients" if self.clients > 1 else "") + (", skewed" if self.skewed else "")
        )


def _measured(
    folder: Path, wanted: Wanted, sides: Sequence[Engine], server: Server | None, told: Told
) -> Iterator[tuple[Engine, Measured]]:
    """Yield the sides one after another, each fresh: two stores open at once would share the machine's memory."""
    for engine in sides:
        on_server = engine in {Engine.KEPT_POSTGRES, Engine.PLAIN_POSTGRES}
        if on_server and server is None:
            continue
        with tempfile.TemporaryDirectory(prefix="side-", dir=folder) as room:
            place = Place(engine, Path(room), server.address if on_server and server else "", wanted.users)
            if engine is Engine.KEPT_POSTGRES:
                _drop(place.address)
            yield engine, one_side(place, wanted, told)


def one_side(place: Place, wanted: Wanted, told: Told) -> Measured:
    """Load one side, let its clients work, and judge every answer.

    :raises GestandError: ``bench-wrong``.
    """
    before = _loaded(place, wanted)
    model = Model(wanted.size, wanted.users, skewed=wanted.skewed)
    measured = Measured()
    with clients(place, wanted.clients) as made:
        share = wanted.asked
        for at in range(wanted.rounds):
            rate, seconds, right = _round(made, wanted, at, share, model)
            measured.rates.append(rate)
            measured.right = min(measured.right, right)
            if seconds > _LONGEST:
                share = max(50, share // 10)
        reads = checks(_CHECKS, wanted.size, wanted.users, 0)
        made[0].give(reads)
        measured.right = min(measured.right, agreement([model.run(op) for op in reads], made[0].take().answers))
        left = [one.leave() for one in made]
    measured.memory = max(one.memory for one in left)
    side = place.open()
    try:
        measured.grown = side.occupied() / before
        if measured.right < 100:
            raise GestandError(
                "bench-wrong",
                f"{side.name}, {wanted.name}: {measured.right:.2f} % of the answers are the model's",
                remedy="The figures of this run count for nothing.",
            )
        if isinstance(side, Kept):
            told.notes.append(duties_told(f"{wanted.name}, {side.name}", side, left))
    finally:
        side.close()
    return measured


def _round(made: Sequence[Client], wanted: Wanted, at: int, share: int, model: Model) -> tuple[float, float, float]:
    """Let every client do its share of one round; return operations a second, seconds, and the share of right answers."""
    drawn = []
    for number in range(len(made)):
        seed = at * len(made) + number
        ops = operations(wanted.mix, max(1, share // len(made)), wanted.size, wanted.users, seed)
        drawn.append(_numbered(shared_out(ops, number, len(made), wanted.users), model))
    expected = [[model.run(op) for op in ops] for ops in drawn]
    for one, ops in zip(made, drawn, strict=True):
        one.give(ops)
    done = [one.take() for one in made]
    right = min(agreement(wants, found.answers) for wants, found in zip(expected, done, strict=True))
    seconds = max(one.ended for one in done) - min(one.began for one in done)
    return sum(map(len, drawn)) / seconds, seconds, right


def _loaded(place: Place, wanted: Wanted) -> int:
    """Bring all records in, or what an earlier run kept of that; return the bytes that they take."""
    name = f"{place.engine.value}-{wanted.size}{'-skewed' if wanted.skewed else ''}".replace(" ", "-")
    kept = wanted.cache / name if wanted.cache and not place.address else None
    if kept is not None and kept.exists():
        shutil.copytree(kept, place.folder, dirs_exist_ok=True)
    side: Side = place.open(fresh=True)
    try:
        if kept is None or not kept.exists():
            side.load((record(key, wanted.users, skewed=wanted.skewed) for key in range(wanted.size)), wanted.users)
        occupied = side.occupied()
    finally:
        side.close()
    if kept is not None and not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(place.folder, kept)
    return occupied


def _drop(address: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for schema in ("gestand", "gestand_keys"):
            connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())


def _numbered(ops: list[Op], model: Model) -> list[Op]:
    """Give the records that are created numbers that no round before has used."""
    return [op._replace(number=model.fresh()) if op.kind is Kind.INSERT else op for op in ops]


def duties_told(name: str, side: Kept, left: Sequence[Left]) -> str:
    """Return what the duties came to.

    :raises GestandError: ``bench-wrong`` if an opening is not in the ledger.
    """
    total = Duties()
    for one in left:
        total.openings += one.duties.openings
        total.refused += one.duties.refused
        total.erasures += one.duties.erasures
    recorded = sum(side.opened())
    if recorded != total.openings:
        raise GestandError(
            "bench-wrong",
            f"{total.openings} openings, but {recorded} of them in the ledger",
            remedy="The figures of this run count for nothing.",
        )
    return (
        f"{name}: purpose and objection judged, values sealed, due dates kept; {total.openings} openings = {recorded}"
        f" in the ledger, {total.erasures} erasures, {side.ledger.head().size} entries"
    )
