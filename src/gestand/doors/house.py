"""The doors of an opened organisation: its public pages, and the world that controls look at, seen through those doors."""

from __future__ import annotations

from starlette.types import ASGIApp

from gestand.doors.public.pages import public_pages
from gestand.doors.public.visit import visitor
from gestand.evidence.model import World
from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError
from gestand.law.profile import LAW_REVIEWED
from gestand.publication.folder import read_statement
from gestand.statement.model import Statement
from gestand.system import System


def pages_of(house: System, *, demonstration: bool = False) -> ASGIApp:
    """Return the public pages of an organisation."""
    return public_pages(
        house.publication,
        lambda: local_date(house.clock()),
        demonstration=demonstration,
        unsubscribing=house.outreach.unsubscribing,
    )


def _in_force(house: System) -> Statement:
    """Return the statement in force; where its published copy is damaged, the working files, so that this can be said."""
    try:
        return house.publication.in_force(local_date(house.clock()))
    except DamagedError:
        return read_statement(house.config.folder)


def world_of(house: System) -> World:
    """Return what controls look at: the rooms of ``house``, and its pages as a visitor gets them."""
    return World(
        folder=house.config.folder,
        data=house.config.data,
        statement=_in_force(house),
        publication=house.publication,
        engine=house.engine,
        vault=house.vault,
        ledger=house.ledger,
        register=house.register,
        requests=house.requests,
        post=house.post,
        outreach=house.outreach,
        sharing=house.sharing,
        measures=house.measures,
        sites=house.sites,
        history=house.history,
        ways=house.ways,
        archive=house.archive,
        visit=visitor(pages_of(house)),
        law_reviewed=LAW_REVIEWED,
        clock=house.clock,
    )
