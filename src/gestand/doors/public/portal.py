"""The portal: a pasted code or one from a link, then buttons. Without an account, and without anything kept on the device.

GET and HEAD show the field for a code and use nothing up, so that a mail scanner takes nothing away. What must survive from
one page to the next travels in a ticket in the form: a quarter of an hour, renewed with every page, the one before accepted
once more for the back button. A code that is wrong, over, worn out, truncated or somebody else's gets one answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gestand.doors.public.asking import RIGHTS
from gestand.doors.public.forms import LEAST_SECONDS, Fields, answered, from_here
from gestand.doors.public.site import Site, language_of
from gestand.doors.public.table import BY_NAME
from gestand.doors.web.limits import Buckets, neighbourhood
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, RefusedError
from gestand.kernel.tickets import Ticket
from gestand.rights.model import Right
from gestand.rights.portal.model import Entered, Level
from gestand.rights.portal.service import LONGEST_WORDS, SURE, refused_code
from gestand.statement.policy import Text
from gestand.storage.once import Once
from gestand.system import System

SESSION = timedelta(minutes=15)
FETCHING = timedelta(seconds=60)
TICKET, FETCH, WAITS = "portal", "portal fetch", "portal waits"
NOT_OPENED = Text(
    nl="Deze code opent niets, of niet meer. Kijk of u hem helemaal hebt overgenomen, of vraag ons om een nieuwe.",
    en="This code opens nothing, or not any more. See whether you copied all of it, or ask us for a new one.",
)
OFTEN = Text(nl="Dat is nu te vaak geprobeerd. Wacht een minuut.", en="That was tried too often. Wait a minute.")
OVER = Text(
    nl="De pagina stond te lang open. Vul uw code opnieuw in.", en="The page was open too long. Enter your code again."
)
NOT_PROVEN = Text(
    nl="Deze code klopt niet, of niet meer. Vraag een nieuwe, of wacht op ons: uw bezwaar is wel ontvangen.",
    en="This code is not right, or not any more. Ask for a new one, or wait for us: your objection was received.",
)
NO = {
    "request-words": Text(nl=f"Schrijf 1 tot {LONGEST_WORDS} tekens.", en=f"Write 1 to {LONGEST_WORDS} signs."),
    "request-closed": Text(nl="Dit verzoek is afgehandeld. Doe een nieuw verzoek als er nog iets is.",
                           en="This request is closed. Make a new one if there is anything else."),
}  # fmt: skip
DONE = {
    "message": Text(nl="Uw bericht is toegevoegd.", en="Your message was added."),
    "stop": Text(
        nl="Dat is gestopt. U krijgt geen aanbiedingen en nieuwsbrieven meer van ons.",
        en="That has stopped. You get no offers or newsletters from us any more.",
    ),
    "ask": Text(nl="Uw verzoek is erbij gezet; het staat hieronder.", en="Your request was added; it stands below."),
}


@dataclass(frozen=True, slots=True)
class PortalPages:
    """The pages of the portal. ``least``: seconds before which no answer leaves."""

    house: System
    site: Site
    once: Once
    least: float = LEAST_SECONDS
    tries: Buckets = field(init=False)
    acts: Buckets = field(init=False)

    def __post_init__(self) -> None:
        """Make the limits: tries of a neighbourhood, acts with one code."""
        object.__setattr__(self, "tries", Buckets(self.house.clock, self.house.entropy, size=20, seconds=6))
        object.__setattr__(self, "acts", Buckets(self.house.clock, self.house.entropy, size=10, seconds=300))

    def routes(self) -> Iterable[Route]:
        """Return the routes of the portal."""
        declared = BY_NAME["portal"]
        return [
            Route(path, self._endpoint, methods=["GET", "POST"], name="portal") for path in (declared.nl, declared.en)
        ]

    async def _endpoint(self, request: Request) -> Response:
        if request.method != "POST":
            return self._door(language_of(request))
        return await answered(request, self._act, least=self.least)

    def _door(self, language: str, status: int = 200, said: str = "") -> Response:
        return self.site.page("portal.html", language, status, said=said, own=BY_NAME["portal"])

    def _act(self, request: Request, fields: Fields) -> Response:
        language = language_of(request)
        if not from_here(request):
            return self._door(language, 403, NOT_OPENED.into(language))
        return self._further(language, fields) if "ticket" in fields else self._enter(language, request, fields)

    def _enter(self, language: str, request: Request, fields: Fields) -> Response:
        who = neighbourhood(request.client.host if request.client else "")
        if not self.tries.take("code", who):
            return self._door(language, 429, OFTEN.into(language))
        typed = fields.get("code", "")[:200]
        try:
            entered = self.house.portal.enter(typed)
        except RefusedError:
            return self._enter_waiting(language, typed)
        return self._standing(language, entered)

    def _enter_waiting(self, language: str, typed: str) -> Response:
        """Show that an answer waits under this code; for any other code the same refusal after the same work."""
        request = self.house.parcels.found(typed)
        if request is None:
            return self._door(language, 403, NOT_OPENED.into(language))
        content = json.dumps({"request": request, "code": typed}).encode()
        once = self.house.tickets.issue(WAITS, content, lasting=SESSION)
        return self.site.page(
            "portal_waits.html", language, once=once, own=BY_NAME["portal"], until=local_date(self._until(request))
        )

    def _until(self, request: str) -> datetime:
        expires = self.house.parcels.expires(request)
        assert expires is not None
        return expires

    def _waiting(self, language: str, fields: Fields) -> Response:
        """Hand over an answer that waited, once; then it is gone here."""
        try:
            ticket = self.house.tickets.open(WAITS, fields["ticket"])
            asked = json.loads(ticket.content)
            if not self._spend(ticket, "package"):
                return self._door(language, 403, OVER.into(language))
            content = self.house.parcels.fetch(asked["request"], asked["code"])
        except RefusedError as fault:
            return self._door(language, 403, (OVER if fault.code == "ticket" else NOT_OPENED).into(language))
        return _zip(f"{asked['request']}.zip", content)

    def _further(self, language: str, fields: Fields) -> Response:
        name = fields.get("act", "")
        if name == "waiting":
            return self._waiting(language, fields)
        act = self._acts().get(name)
        try:
            ticket = self.house.tickets.open(FETCH if name == "package" else TICKET, fields["ticket"])
            entered = self.house.portal.again(json.loads(ticket.content)["mark"])
        except RefusedError as fault:
            return self._door(language, 403, (NOT_OPENED if fault.code == "portal-code" else OVER).into(language))
        if act is None or not self._spend(ticket, name):
            return self._door(language, 403, OVER.into(language))
        return act(language, entered, fields)

    def _acts(self) -> dict[str, Callable[[str, Entered, Fields], Response]]:
        return {
            "status": lambda language, entered, _fields: self._standing(language, entered),
            "opened": self._opened,
            "message": self._message,
            "ask": self._ask,
            "stop": self._stop,
            "stop-code": self._stop_code,
            "fetch": self._fetch,
            "package": self._package,
        }

    def _spend(self, ticket: Ticket, act: str) -> bool:
        """Use a ticket up: once for what changes something, twice for what shows (the back button)."""
        now = self.house.clock()
        first = self.once.spend(TICKET, ticket.mark, now=now, until=ticket.until)
        if first or act in {"message", "ask", "package", "stop", "stop-code"}:
            return first
        return self.once.spend(f"{TICKET} again", ticket.mark, now=now, until=ticket.until)

    def _ticket(self, entered: Entered, kind: str = TICKET, lasting: timedelta = SESSION) -> str:
        return self.house.tickets.issue(kind, json.dumps({"mark": entered.mark}).encode(), lasting=lasting)

    # Pages behind a code

    def _standing(
        self, language: str, entered: Entered, *, done: str = "", fault: str = "", status: int = 200
    ) -> Response:
        standing = self.house.portal.standing(entered)
        request = standing.request
        fetches = entered.level is Level.FETCH
        return self.site.page(
            "portal_standing.html", language, status, ticket=self._ticket(entered), standing=standing, done=done, fault=fault,
            rights=dict(RIGHTS), on=local_date, fetches=fetches, own=BY_NAME["portal"],
            to_fetch=fetches and request.open and request.identity in SURE and request.right in {Right.ACCESS, Right.PORTABILITY},
        )  # fmt: skip

    def _opened(self, language: str, entered: Entered, _fields: Fields) -> Response:
        try:
            looks = self.house.portal.openings(entered)
        except RefusedError:
            return self._door(language, 403, NOT_OPENED.into(language))
        return self.site.page(
            "portal_opened.html", language, ticket=self._ticket(entered), looks=looks, own=BY_NAME["portal"]
        )

    def _message(self, language: str, entered: Entered, fields: Fields) -> Response:
        return self._changed(
            language, entered, "message", lambda: self.house.portal.add(entered.request, fields.get("words", ""))
        )

    def _ask(self, language: str, entered: Entered, fields: Fields) -> Response:
        right = fields.get("right", "")
        if right not in RIGHTS:
            return self._standing(language, entered, status=400)
        words = fields.get("words", "")
        return self._changed(
            language, entered, "ask", lambda: self.house.portal.ask_beside(entered.request, Right(right), words)
        )

    def _stop(self, language: str, entered: Entered, _fields: Fields) -> Response:
        """Stop offers: at once for who was judged; else a code goes to the address that is held, if any."""
        if not self.acts.take("act", entered.mark):
            return self._standing(language, entered, fault=OFTEN.into(language), status=429)
        try:
            made, done = self.house.stopping.ask(entered)
        except GestandError as fault:
            if fault.code not in NO:
                raise
            return self._standing(language, entered, fault=NO[fault.code].into(language), status=400)
        if done:
            return self._standing(language, entered, done=DONE["stop"].into(language))
        return self._asking_code(language, entered, made.id)

    def _stop_code(self, language: str, entered: Entered, fields: Fields) -> Response:
        if not self.acts.take("act", entered.mark):
            return self._standing(language, entered, fault=OFTEN.into(language), status=429)
        request = fields.get("request", "")[:40]
        if self.house.stopping.prove(entered, request, fields.get("code", "")[:40]):
            return self._standing(language, entered, done=DONE["stop"].into(language))
        return self._asking_code(language, entered, request, fault=NOT_PROVEN.into(language), status=403)

    def _asking_code(
        self, language: str, entered: Entered, request: str, *, fault: str = "", status: int = 200
    ) -> Response:
        return self.site.page(
            "portal_stop.html", language, status, ticket=self._ticket(entered), request=request, fault=fault,
            own=BY_NAME["portal"],
        )  # fmt: skip

    def _changed(self, language: str, entered: Entered, what: str, change: Callable[[], object]) -> Response:
        if not self.acts.take("act", entered.mark):
            return self._standing(language, entered, fault=OFTEN.into(language), status=429)
        try:
            change()
        except GestandError as fault:
            if fault.code not in NO:
                raise
            return self._standing(language, entered, fault=NO[fault.code].into(language), status=400)
        return self._standing(language, entered, done=DONE[what].into(language))

    def _fetch(self, language: str, entered: Entered, _fields: Fields) -> Response:
        if entered.level is not Level.FETCH:
            return self._door(language, 403, NOT_OPENED.into(language))
        once = self._ticket(entered, FETCH, FETCHING)
        return self.site.page(
            "portal_fetch.html", language, ticket=self._ticket(entered), once=once, own=BY_NAME["portal"],
            seconds=int(FETCHING.total_seconds()),
        )  # fmt: skip

    def _package(self, language: str, entered: Entered, _fields: Fields) -> Response:
        try:
            package = self.house.portal.fetch(entered)
        except RefusedError as fault:
            if fault.code not in {"request-closed", "identity-not-judged", refused_code().code, "portal-level"}:
                raise
            return self._door(language, 403, NOT_OPENED.into(language))
        return _zip(package.name, package.content)


def _zip(name: str, content: bytes) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type="application/zip", headers={"content-disposition": disposition})
