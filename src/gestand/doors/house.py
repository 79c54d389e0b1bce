"""The doors of an opened organisation: its public pages, and the world that controls look at, seen through those doors."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gestand.doors.closing import Closable
from gestand.doors.headers import PORTAL_POLICY, NothingStored
from gestand.doors.office.app import office
from gestand.doors.public.asking import Asking
from gestand.doors.public.bypost import ByPost
from gestand.doors.public.forms import LEAST_SECONDS, Forms
from gestand.doors.public.menu import menu_of
from gestand.doors.public.pages import public_pages
from gestand.doors.public.portal import PortalPages
from gestand.doors.public.reading import Reading
from gestand.doors.public.site import Site as PublicSite
from gestand.doors.public.table import path_of
from gestand.doors.public.visit import visitor
from gestand.doors.running.remembering import Remembered
from gestand.evidence.model import World
from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError, GestandError
from gestand.law.profile import LAW_REVIEWED
from gestand.publication.folder import read_statement
from gestand.staff.passkeys import Site
from gestand.statement.model import Statement
from gestand.system import System


def pages_of(
    house: System, *, demonstration: bool = False, answers: bool = True, least: float = LEAST_SECONDS
) -> ASGIApp:
    """Return the public pages of an organisation, with the portal.

    ``answers`` False: as plain files, where nobody answers a form and every page says how to write to us; ``least``: seconds
    before which no answer to a form leaves.
    """

    def rooms(site: PublicSite) -> Iterable[Route]:
        yield from Reading(site, house.showing).routes()
        if not answers:
            yield from ByPost(site).routes()
            return
        forms = Forms(house.tickets, house.once, house.clock, house.entropy)
        yield from Asking(house, site, forms, least).routes()
        yield from PortalPages(house, site, house.once, least).routes()

    pages = public_pages(
        house.publication,
        lambda: local_date(house.clock()),
        demonstration=demonstration,
        notices=house.breaches.published,
        more=rooms,
        menu=lambda: menu_of(
            answers=answers,
            proof=house.showing.public() is not None,
            devices=house.publication.in_force(local_date(house.clock())).policy.devices is not None,
        ),
        unsubscribing=house.outreach.unsubscribing,
    )
    shut = house.breaches.shut_doors
    public = NothingStored(Closable(pages, "public", shut))
    portal = NothingStored(Closable(pages, "public", shut), PORTAL_POLICY)
    at = {path_of("portal", language) for language in ("nl", "en")}

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        await (portal if scope.get("path") in at else public)(scope, receive, send)

    return door


def office_site(house: System, port: int) -> Site:
    """Return where the office of an organisation is: a host of its own, or ``localhost`` (a passkey knows no IP address)."""
    firm = _in_force(house).policy.controller.name
    own = house.config.office_host
    if own:
        return Site(f"https://{own}", own.partition(":")[0], firm)
    return Site(f"http://localhost:{port}", "localhost", firm)


def doors_of(house: System, port: int, *, demonstration: bool = False) -> ASGIApp:
    """Return everything that is served: the public pages at ``/``, the API at ``/api/``, the office at ``/office/`` or its own host."""
    inside = office(house, office_site(house, port), demonstration=demonstration)
    public, machines = Remembered(pages_of(house, demonstration=demonstration)), _api(house)
    return _doors(public, inside, house.config.office_host.encode(), machines)


def _api(house: System) -> ASGIApp:
    """Return the API, made when it is first asked: most who serve pages never need it, and it takes a while to load."""
    made: list[ASGIApp] = []

    async def machines(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            from gestand.doors.api.app import api

            made.append(api(house))
        await made[0](scope, receive, send)

    return machines


def _doors(public: ASGIApp, inside: ASGIApp, own: bytes = b"", machines: ASGIApp | None = None) -> ASGIApp:
    async def doors(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if machines is not None and path.startswith("/api/"):
            await machines(scope, receive, send)
            return
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
        surroundings=house.surroundings,
        history=house.history,
        showing=house.showing,
        retention=house.retention,
        tasks=house.tasks,
        ways=house.ways,
        archive=house.archive,
        sources=house.sources,
        visit=visitor(_doors(pages_of(house), office(house, Site("http://localhost", "localhost", "")))),
        law_reviewed=LAW_REVIEWED,
        clock=house.clock,
    )
