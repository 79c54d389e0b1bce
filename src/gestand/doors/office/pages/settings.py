"""Settings: how this organisation runs. They stand in ``gestand.toml``; nothing secret is shown."""

from __future__ import annotations

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.running.ticking import standing
from gestand.statement.policy import Text


def settings(visit: Visit) -> Answer:
    """Show what is set, and how much there is."""
    house, config = visit.house, visit.house.config
    counts, counted_at = visit.memory.stock.counts()
    return visit.page(
        "settings.html", config=config, counts=counts, counted_at=counted_at,
        epochs=house.vault.epochs(), head=house.ledger.head(), statement=house.publication.in_force(), work=standing(house),
    )  # fmt: skip


PAGE = Page(
    "settings",
    Text(nl="Instellingen", en="Settings"),
    (Route("settings", "GET", "keeper", NONE, settings),),
    group="house",
    audience="keeper",
)
