"""Controls of breaches: contained first, clocks kept, people told, and every one in the register. Rehearsals count nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from gestand.breach.model import Case
from gestand.breach.notices import Audience
from gestand.breach.rules import contained_first, recorded, register_lacks
from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.ids import BreachId
from gestand.statement.policy import Text

CONTAIN_WITHIN = timedelta(hours=24)
"""A report against which nothing was done for a day was not contained first."""
TO_THE_MINUTE = timedelta(minutes=1)
"""The ledger writes awareness to the minute; a row that is seconds later says the same."""


def _cases(world: World) -> list[Case]:
    return [case for case in world.breaches.all() if recorded(case.breach)]


def _late(world: World, case: Case, *audiences: Audience) -> Iterator[str]:
    for notice in world.breaches.due(case, world.policy.breach):
        if notice.audience in audiences and notice.late and notice.due is not None:
            hour = notice.due.astimezone(AMSTERDAM).isoformat(timespec="minutes")
            done = f"was told later than {hour}" if notice.done_at else f"was not told by {hour}"
            lifted = "" if notice.owed else ", and was judged not to need it only after that"
            yield f"breach {case.breach.id}: the {notice.audience} {done}{lifted}"


def _first_aware(world: World) -> dict[str, datetime]:
    """Return since when each breach was known by the earliest statement of it, to the minute, as the ledger has it."""
    found: dict[str, datetime] = {}
    for entry in entries(world, "breach.aware"):
        breach, at = str(entry.event.facts.get("breach")), datetime.fromisoformat(str(entry.event.facts.get("aware")))
        found[breach] = min(at, found.get(breach, at))
    return found


def _as_first_known(case: Case, first: Mapping[str, datetime]) -> Case:
    at, breach = first.get(case.breach.id), case.breach
    if at is None or breach.counted_from - at < TO_THE_MINUTE:
        return case
    return replace(case, breach=replace(breach, first_aware=at))


def _in_ledger(world: World, name: str) -> Counter[str]:
    return Counter(str(entry.event.facts.get("breach")) for entry in entries(world, name))


def contained(world: World) -> Verdict:
    """Something was done against each leak before anyone was told of it, and within a day of the report."""
    now = world.clock()
    faults: list[str] = []
    steps = _in_ledger(world, "breach.contained")
    cases = _cases(world)
    for case in cases:
        told = bool(case.submissions or case.notices) or not case.breach.open
        waited = now - case.breach.reported_at > CONTAIN_WITHIN
        if case.steps and not contained_first(case):
            faults.append(f"breach {case.breach.id}: others were told before anything was done against the leak")
        elif not case.steps and (told or waited):
            faults.append(f"breach {case.breach.id}: nothing was done against the leak")
        if len(case.steps) > steps[case.breach.id]:
            faults.append(f"breach {case.breach.id}: a step is listed that the ledger does not know")
    return judged(
        faults,
        len(cases),
        kept=Text(nl="Eerst is het lek gedicht.", en="The leak was contained first."),
        broken=Text(nl="Het lek is niet eerst gedicht.", en="The leak was not contained first."),
        figures={"steps": sum(len(case.steps) for case in cases)},
    )


def clock_kept(world: World) -> Verdict:
    """The authority, and a controller on whose behalf we process, were told in time, or there is time left.

    The hours run from the earliest awareness that the ledger knows of: stating a later one lengthens nothing.
    """
    submitted = _in_ledger(world, "breach.submitted")
    first = _first_aware(world)
    cases = [_as_first_known(case, first) for case in _cases(world)]
    faults = [fault for case in cases for fault in _late(world, case, Audience.AUTHORITY, Audience.CONTROLLER)]
    faults += [
        f"breach {case.breach.id}: a notification is listed that the ledger does not know"
        for case in cases
        if len(case.submissions) > submitted[case.breach.id]
    ]
    return judged(
        faults,
        len(cases),
        kept=Text(nl="Elke melding was op tijd.", en="Every notification was in time."),
        broken=Text(nl="Een melding is te laat.", en="A notification is late."),
        figures={"submissions": sum(len(case.submissions) for case in cases)},
    )


def people_told(world: World) -> Verdict:
    """Where the risk is high everyone concerned was told in time, or an exception was confirmed by name."""
    told = _in_ledger(world, "breach.told")
    cases = [case for case in _cases(world) if case.assessments]
    faults = [fault for case in cases for fault in _late(world, case, Audience.PEOPLE, Audience.PUBLIC)]
    faults += [
        f"breach {case.breach.id}: people are listed as told, and the ledger does not know it"
        for case in cases
        if case.told and not told[case.breach.id]
    ]
    return judged(
        faults,
        len(cases),
        kept=Text(nl="Wie het raakt, is op tijd gewaarschuwd.", en="Those concerned were told in time."),
        broken=Text(nl="Mensen zijn niet op tijd gewaarschuwd.", en="People were not told in time."),
        figures={"people": sum(case.told for case in cases)},
    )


def register_complete(world: World) -> Verdict:
    """Every report that the ledger knows is listed with its whole file until it expired; a closed one lacks nothing."""
    expired = _in_ledger(world, "breach.expired")
    judgements = _in_ledger(world, "breach.assessed")
    listed = {case.breach.id: case for case in _cases(world)}
    faults: list[str] = []
    seen = 0
    for entry in entries(world, "breach.reported"):
        breach = str(entry.event.facts.get("breach"))
        if entry.event.facts.get("rehearsal") or breach in expired:
            continue
        seen += 1
        case = listed.get(BreachId(breach))
        if case is None:
            faults.append(f"breach {breach} was reported (ledger entry {entry.index}) and is nowhere listed")
            continue
        lost = world.breaches.lost(case)
        if lost:
            faults.append(f"breach {breach}: {len(lost)} pages of its file are gone")
        if len(case.assessments) != judgements[breach]:
            faults.append(f"breach {breach}: {len(case.assessments)} of {judgements[breach]} judgements are listed")
        lacking = register_lacks(case) if not case.breach.open and case.assessed and case.assessed.is_breach else ()
        if lacking:
            faults.append(f"breach {breach}: closed without {', '.join(lacking)}")
    return judged(
        faults,
        seen,
        kept=Text(nl="Elk datalek staat in het register.", en="Every breach is in the register."),
        broken=Text(nl="Het register is niet volledig.", en="The register is not complete."),
        figures={"open": sum(case.breach.open for case in listed.values())},
    )


CONTROLS = (
    Control(
        "breach-contained-first",
        Text(nl="Eerst het lek dichten", en="Contain first"),
        Text(nl="de stappen tegen elk lek, en wanneer anderen het hoorden", en="the steps against each leak, and when others were told"),
        "measured",
        contained,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "breach-clock-kept",
        Text(nl="Datalekken op tijd gemeld", en="Breaches notified in time"),
        Text(nl="sinds wanneer het bekend was, en wanneer het is gemeld", en="since when it was known, and when it was notified"),
        "measured",
        clock_kept,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "breach-people-told",
        Text(nl="Mensen op tijd gewaarschuwd", en="People told in time"),
        Text(nl="wie het raakt, wanneer het risico bleek, en wie het hoorde", en="whom it touches, when the risk was seen, and who was told"),
        "measured",
        people_told,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "breach-register-complete",
        Text(nl="Elk datalek in het register", en="Every breach in the register"),
        Text(nl="elke melding in het logboek, en het register", en="every report in the ledger, and the register"),
        "measured",
        register_complete,
        __name__,
        ("ledger-intact",),
    ),
)  # fmt: skip
