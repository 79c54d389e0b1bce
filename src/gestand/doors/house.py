"""The doors of an opened organisation: its public pages, and the world that controls look at, seen through those doors."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from gestand.doors.closing import Closable
from gestand.doors.headers import NothingStored
from gestand.doors.office.app import office
from gestand.doors.public.pages import public_pages
from gestand.doors.public.visit import visitor
from gestand.evidence.model import World
from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError, GestandError
from gestand.law.profile import LAW_REVIEWED
from gestand.publication.folder import read_statement
from gestand.staff.passkeys import Site
from gestand.statement.model import Statement
from gestand.system import System


def pages_of(house: System, *, demonstration: bool = False) -> ASGIApp:
    """Return the public pages of an organisation."""
    pages = public_pages(
        house.publication,
        lambda: local_date(house.clock()),
        demonstration=demonstration,
        notices=house.breaches.published,
        unsubscribing=house.outreach.unsubscribing,
    )
    return NothingStored(Closable(pages, "public", house.breaches.shut_doors))


def office_site(house: System, port: int) -> Site:
    """Return where the office of an organisation is: a host of its own, or ``localhost`` (a passkey knows no IP address)."""
    firm = _in_force(house).policy.controller.name
    own = house.config.office_host
    if own:
        return Site(f"https://{own}", own.partition(":")[0], firm)
    return Site(f"http://localhost:{port}", "localhost", firm)


def doors_of(house: System, port: int, *, demonstration: bool = False) -> ASGIApp:
    """Return everything that is served: the public pages at ``/``, the office at ``/office/`` or on its own host."""
    inside = office(house, office_site(house, port), demonstration=demonstration)
    return _doors(pages_of(house, demonstration=demonstration), inside, house.config.office_host.encode())


def _doors(public: ASGIApp, inside: ASGIApp, own: bytes = b"") -> ASGIApp:
    async def doors(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        at_office = path == "/office" or path.startswith("/office/")
        if own:
            host = next((value for name, value in scope.get("headers", ()) if name.lower() == b"host"), b"")
            at_office = host == own
            if at_office and path == "/":
                scope = {**scope, "path": "/office/", "raw_path": b"/office/"}
        await (inside if at_office else public)(scope, receive, send)

    return doors


def first_link(house: System, port: int) -> str:
    """Return the address by which the first person comes in, once; empty where somebody is there already."""
    try:
        code = house.staff.first_link(_in_force(house).policy)
    except GestandError:
        return ""
    return f"{office_site(house, port).origin}/office/nl/enrol#{code}" if code else ""


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
        breaches=house.breaches,
        post=house.post,
        outreach=house.outreach,
        sharing=house.sharing,
        measures=house.measures,
        sites=house.sites,
        history=house.history,
        retention=house.retention,
        tasks=house.tasks,
        ways=house.ways,
        archive=house.archive,
        visit=visitor(_doors(pages_of(house), office(house, Site("http://localhost", "localhost", "")))),
        law_reviewed=LAW_REVIEWED,
        clock=house.clock,
    )
