"""The pages of the office, in the order of its menu. A new one is a module with a ``PAGE``, added to this tuple."""

from __future__ import annotations

from gestand.doors.office.pages import (
    evidence,
    people,
    requests,
    retention,
    settings,
    sharing,
    staff,
    statement,
    today,
)
from gestand.doors.office.pages import (
    map as data_map,
)
from gestand.doors.office.routes import Page

PAGES: tuple[Page, ...] = (
    today.PAGE,
    people.PAGE,
    requests.PAGE,
    retention.PAGE,
    sharing.PAGE,
    statement.PAGE,
    data_map.PAGE,
    evidence.PAGE,
    staff.PAGE,
    settings.PAGE,
)
