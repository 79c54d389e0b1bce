"""The pages of the office, in the order of its menu. A new one is a module with a ``PAGE``, added to this tuple."""

from __future__ import annotations

from gestand.doors.office.pages import staff, today
from gestand.doors.office.routes import Page

PAGES: tuple[Page, ...] = (today.PAGE, staff.PAGE)
