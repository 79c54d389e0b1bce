"""The retention calendar: what leaves when, what is due now, and leaving it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import EVENT
from gestand.doors.web.pictures import bars
from gestand.doors.web.templates import SHORT_MONTHS
from gestand.kernel.ids import ItemId
from gestand.retention.model import RetentionPlan, Staying
from gestand.statement.policy import Text
from gestand.vault.place import item_place, subject_id

MONTHS_AHEAD = 12
MOST_STAYING = 100
MOST_JUDGED = 3_000
"""Due things that are judged one by one for the page; of more, those that wait longest."""


def retention(visit: Visit) -> Answer:
    """Show what leaves in the coming months, and what is due now, by shelf."""
    return visit.page("retention.html", run=None, **_calendar(visit))


def _calendar(visit: Visit) -> dict[str, object]:
    house, on = visit.house, visit.today
    plan = house.retention.plan(at_most=MOST_JUDGED)
    due = sum(house.vault.due_by_day(date(1971, 1, 1), on).values())
    ahead = house.vault.due_by_day(on + timedelta(days=1), on + timedelta(days=366))
    months: Counter[tuple[int, int]] = Counter()
    for day, count in ahead.items():
        months[day.year, day.month] += count
    names = SHORT_MONTHS[visit.language]
    shown = []
    for step in range(MONTHS_AHEAD):
        year, month = on.year + (on.month - 1 + step) // 12, (on.month - 1 + step) % 12 + 1
        shown.append((f"{names[month - 1]} {year % 100:02d}", months[year, month]))
    return {
        "plan": plan,
        "beside": max(0, due - MOST_JUDGED),
        "judged": MOST_JUDGED,
        "leaving": _by_shelf(visit, plan),
        "moving": len(plan.moving),
        "staying": [(one, _decided_at(one)) for one in plan.staying[:MOST_STAYING]],
        "restricted": any(one.due.restricted for one in plan.staying),
        "drawn": bars(shown),
        "events": EVENT,
        "tasks": list(house.tasks.undone()),
    }


def _decided_at(one: Staying) -> str:
    """Return the page on which a person decides about what is restricted; empty for what no page shows."""
    if not one.due.restricted or one.custodian not in {"vault", "archive"}:
        return ""
    key = one.due.key
    return f"mail/{key}" if one.custodian == "archive" else f"people/{subject_id(item_place(ItemId(key))[0])}"


def _by_shelf(visit: Visit, plan: RetentionPlan) -> list[tuple[str, int, date]]:
    counted = Counter(leaving.due.shelf for leaving in plan.leaving)
    oldest: dict[str, date] = {}
    for leaving in plan.leaving:
        oldest[leaving.due.shelf] = min(oldest.get(leaving.due.shelf, leaving.due.since), leaving.due.since)
    shelves = visit.policy.shelves
    return [
        (shelves[shelf].title.into(visit.language) if shelf in shelves else shelf, count, oldest[shelf])
        for shelf, count in counted.most_common()
    ]


def done(visit: Visit) -> Answer:
    """Record that something was removed elsewhere, and what shows it."""
    visit.house.tasks.done(visit.params["task"], visit.field("shown"), actor=visit.actor)
    return visit.go("retention#tasks")


def run(visit: Visit) -> Answer:
    """Let leave what is due, search again, and show the certificate."""
    done = visit.house.retention.run(actor=visit.actor)
    return visit.page("retention.html", run=done, **_calendar(visit))


PAGE = Page(
    "retention",
    Text(nl="Bewaarkalender", en="Retention calendar"),
    (
        Route("retention", "GET", "staff", NONE, retention),
        Route("retention/tasks/{task}/done", "POST", "staff", NONE, done),
        Route("retention/run", "POST", "staff", NONE, run, fresh=True),
    ),
)
