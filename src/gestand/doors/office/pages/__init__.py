"""The pages of the office, in the order of its menu. A new one is a module with a ``PAGE``, added to this tuple."""

from __future__ import annotations

from gestand.doors.office.pages import (
    asking,
    breach,
    breaches,
    card,
    correcting,
    devices,
    evidence,
    giving,
    held_mail,
    mail,
    orders,
    outreach,
    people,
    post,
    requests,
    retention,
    settings,
    sharing,
    showing,
    sources,
    staff,
    statement,
    today,
    warning,
)
from gestand.doors.office.pages import (
    map as data_map,
)
from gestand.doors.office.routes import Page

PAGES: tuple[Page, ...] = (
    today.PAGE,
    people.PAGE,
    card.PAGE,
    correcting.PAGE,
    held_mail.PAGE,
    mail.PAGE,
    devices.PAGE,
    outreach.PAGE,
    post.PAGE,
    requests.PAGE,
    asking.PAGE,
    retention.PAGE,
    sharing.PAGE,
    giving.PAGE,
    orders.PAGE,
    breaches.PAGE,
    breach.PAGE,
    warning.PAGE,
    statement.PAGE,
    data_map.PAGE,
    sources.PAGE,
    evidence.PAGE,
    showing.PAGE,
    staff.PAGE,
    settings.PAGE,
)
