"""Controls of keeping: gone in time, and what was erased stays erased."""

from __future__ import annotations

from datetime import timedelta

from gestand.evidence.controls.common import entries, every_holding, judged, marked
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.law.periods import keeping
from gestand.statement.policy import Text

GRACE = timedelta(days=1)  # a day's run may come late on the day itself


def retention_within_period(world: World) -> Verdict:
    """No datum is past its time (but for a legal hold or a restriction), and its time is what its shelf makes of its event."""
    today = local_date(world.clock())
    faults: list[str] = []
    seen = dated = 0
    for holding in every_holding(world):
        seen += 1
        statement = world.publication.version(holding.version)
        shelf = (statement.policy if statement else world.policy).shelves.get(holding.shelf)
        if shelf is None:
            faults.append(f"item {holding.item}: lies on no shelf of its statement ('{holding.shelf}')")
            continue
        if holding.trigger_on is not None:
            dated += 1
            limit = keeping(holding.trigger_on, shelf.period, shelf.counts_from).erase_from
            if holding.due is None or holding.due > limit:
                faults.append(f"item {holding.item}: set to leave later than shelf '{holding.shelf}' allows ({limit})")
        late = holding.due is not None and holding.due + GRACE < today and not holding.restricted
        if late and world.vault.hold_of(holding.item) is None:
            faults.append(f"item {holding.item}: should be gone since {holding.due}")
    return judged(
        faults,
        seen,
        kept=Text(nl="Niets is ouder dan beloofd.", en="Nothing is older than promised."),
        broken=Text(nl="Er staan gegevens die weg hadden moeten zijn.", en="Data are held that should be gone."),
        figures={"with_date": dated},
    )


def retention_run_on_time(world: World) -> Verdict:
    """The due work ran within the last two days, or the store has held data for less than that."""
    now = world.clock()
    started: object = None
    last = None
    runs = 0
    for entry in entries(world, "data.sealed", "retention.run"):
        if started is None:
            started = entry.event.at
            last = entry.event.at
        if entry.event.name == "retention.run":
            runs += 1
            last = entry.event.at
    faults = [f"the last run was on {local_date(last)}"] if last is not None and now - last > 2 * GRACE else []
    faults += [
        f"task {task.id} ({task.system}) was to be done by {task.due}" for task in world.tasks.late(local_date(now))
    ]
    if not faults:
        drift = world.retention.drift(local_date(now) - GRACE)
        faults = [f"{name} holds {count} things longer than promised" for name, count in drift.items()]
    return judged(
        faults,
        runs,
        kept=Text(nl="Het opruimen gebeurt op tijd.", en="What falls due is carried out in time."),
        broken=Text(nl="Er is te lang niet opgeruimd.", en="What fell due was not carried out."),
        figures={"last_run": local_date(last).isoformat() if last else None},
    )


def erasure_real(world: World) -> Verdict:
    """Nothing that the ledger says was erased can be found: no row, no key, no index entry."""
    erasures = list(entries(world, "erasure.begun", "erasure.done"))
    there = marked(world) if erasures else {}  # marks of all data are dear
    faults: list[str] = []
    erased = 0
    for entry in erasures:
        if entry.event.name == "erasure.done":
            if entry.event.facts.get("absent") is not True:
                faults.append(f"ledger entry {entry.index}: the search after an erasure found something")
            continue
        marks = entry.event.facts.get("marks")
        for mark in marks if isinstance(marks, tuple) else ():
            erased += 1
            if mark in there:
                faults.append(f"item {there[mark].item} is held again (erased by ledger entry {entry.index})")
    return judged(
        faults,
        erased,
        kept=Text(nl="Wat gewist is, is weg.", en="What was erased is gone."),
        broken=Text(nl="Er is iets terug dat gewist was.", en="Something that was erased is back."),
    )


CONTROLS = (
    Control(
        "retention-within-period",
        Text(nl="Niets blijft langer dan beloofd", en="Nothing stays longer than promised"),
        Text(nl="elk gegeven met zijn datum", en="every datum with its date"),
        "measured",
        retention_within_period,
        __name__,
        ("statement-history-kept",),
    ),
    Control(
        "retention-run-on-time",
        Text(nl="Opruimen gebeurt op tijd", en="What falls due is done in time"),
        Text(nl="de runs in het logboek", en="the runs in the ledger"),
        "measured",
        retention_run_on_time,
        __name__,
        ("ledger-intact", "statement-current"),
    ),
    Control(
        "erasure-real",
        Text(nl="Gewist is gewist", en="Erased is erased"),
        Text(nl="elk gewist gegeven, opnieuw gezocht", en="every erased datum, searched again"),
        "measured",
        erasure_real,
        __name__,
        ("ledger-intact",),
    ),
)
