"""The request form, the report of a breach, the check of a receipt and of a certificate: forms that anyone may send, without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gestand.breach.model import Reporter
from gestand.doors.public.forms import LEAST_SECONDS, Fields, Forms, Sent, answered
from gestand.doors.public.site import Site, language_of
from gestand.doors.public.table import BY_NAME
from gestand.kernel.clock import local_date
from gestand.kernel.errors import DamagedError, UsageError
from gestand.kernel.ids import SYSTEM, RequestId
from gestand.law.terms import rights_request_due
from gestand.ledger.receipt import verify_receipt
from gestand.register.slips import checked_text
from gestand.rights.model import Right
from gestand.rights.portal.model import Given, Level
from gestand.rights.portal.rules import FOLLOWS, new_link, new_typed
from gestand.rights.portal.service import LONGEST_WORDS
from gestand.statement.policy import Policy, Text
from gestand.system import System

LONGEST_CODE = 100
LONGEST_RECEIPT = 60_000
STATUS = {Sent.FOREIGN: 403, Sent.OFTEN: 429}
MACHINES_TOO = frozenset({Sent.GOOD, Sent.QUICK, Sent.TRAPPED})
"""What a form takes that keeps nothing: a machine may ask too."""
SAID: dict[Sent | str, Text] = {
    Sent.FOREIGN: Text(nl="Dit formulier kwam niet van deze pagina. Vul het hier in.", en="This form did not come from this page. Fill it in here."),
    Sent.OFTEN: Text(nl="Er komt nu veel binnen. Wacht een minuut, of mail, bel of schrijf ons.",
                     en="A lot is coming in. Wait a minute, or mail, call or write to us."),
    Sent.OLD: Text(nl="De pagina stond te lang open. Verstuur het formulier nog eens.",
                   en="The page was open too long. Send the form once more."),
    Sent.QUICK: Text(nl="Dat ging sneller dan iemand kan typen. Wacht drie tellen en verstuur het nog eens.",
                     en="That was faster than anyone can type. Wait three seconds and send it once more."),
    Sent.AGAIN: Text(nl="Dit formulier is al verstuurd. U hoeft niets meer te doen.",
                     en="This form was sent already. You need not do anything."),
    "contact": Text(nl="Vul in hoe wij u kunnen bereiken.", en="Say how we can reach you."),
    "right": Text(nl="Kies wat u vraagt.", en="Choose what you ask."),
    "words": Text(nl=f"Schrijf ten hoogste {LONGEST_WORDS} tekens.", en=f"Write at most {LONGEST_WORDS} signs."),
    "what": Text(nl="Schrijf wat u zag.", en="Write what you saw."),
    "code": Text(nl="Vul de code in die op uw bewijs staat.", en="Fill in the code that stands on your certificate."),
    "receipt": Text(nl="Plak de tekst van het ontvangstbewijs.", en="Paste the text of the receipt."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """The forms over the rooms of an organisation. ``least``: seconds before which no answer leaves."""

    house: System
    site: Site
    forms: Forms
    least: float = LEAST_SECONDS

    def routes(self) -> Iterable[Route]:
        """Return the routes of the forms."""
        forms = {
            "request": self._request,
            "report": self._report,
            "receipt": self._receipt,
            "certificate": self._certificate,
        }
        for name, work in forms.items():
            declared = BY_NAME[name]
            for path in (declared.nl, declared.en):
                yield Route(path, self._endpoint(name, work), methods=["GET", "POST"], name=name)

    def _endpoint(self, name: str, work: Callable[[Request, Fields], Response]) -> Callable[..., object]:
        async def endpoint(request: Request) -> Response:
            if name == "certificate" and self._in_force().devices is None:
                return self.site.missing(request)
            if request.method != "POST":
                return self._form(name, language_of(request))
            return await answered(request, work, least=self.least)

        return endpoint

    def _form(
        self, name: str, language: str, *, status: int = 200, fault: Sent | str = "", fields: Fields | None = None
    ) -> Response:
        said = SAID[fault].into(language) if fault else ""
        on = fault if isinstance(fault, str) else ""
        return self.site.page(
            f"{name}.html", language, status, ticket=self.forms.ticket(name), fault=said, fault_on=on, typed=fields or {},
            rights=tuple(RIGHTS.items()), contacts=self._contacts(), own=BY_NAME[name],
        )  # fmt: skip

    def _in_force(self) -> Policy:
        return self.site.publication.in_force(self.site.today()).policy

    def _contacts(self) -> tuple[object, ...]:
        return tuple(contact for contact in self._in_force().controller.contacts if contact.rights)

    def _refused(self, name: str, language: str, sent: Sent, fields: Fields) -> Response:
        if sent is Sent.AGAIN:
            return self.site.page("sent.html", language, 409, said=SAID[sent].into(language))
        return self._form(name, language, status=STATUS.get(sent, 400), fault=sent, fields=fields)

    # A request under Articles 15 to 22

    def _request(self, request: Request, fields: Fields) -> Response:
        language = language_of(request)
        sent = self.forms.judge("request", request, fields)
        if sent is Sent.TRAPPED:
            return self._received(language, self.house.clock(), self._like_a_code())
        if sent is not Sent.GOOD:
            return self._refused("request", language, sent, fields)
        contact, words = fields.get("contact", "").strip(), fields.get("words", "").strip()
        name = fields.get("name", "").strip()
        right = fields.get("right", "")
        for what, wrong in (("right", right not in RIGHTS), ("contact", not contact or len(contact) > 320),
                            ("words", len(words) + len(name) > LONGEST_WORDS - 2)):  # fmt: skip
            if wrong:
                return self._form("request", language, status=400, fault=what, fields=fields)
        if not self.forms.mailbox_free(contact):
            return self._refused("request", language, Sent.OFTEN, fields)
        if not self.forms.spend("request", fields):
            return self._refused("request", language, Sent.AGAIN, fields)
        text = "\n".join(part for part in (name, words) if part)
        received, given = self.house.portal.receive(Right(right), contact=contact, words=text)
        return self._received(language, received.received_at, given)

    def _received(self, language: str, at: datetime, given: Given) -> Response:
        """Show what everybody gets: the day before which there is an answer, and a code. It says nothing of anyone."""
        deadline = rights_request_due(at)
        assert deadline.conservative is not None
        due = local_date(deadline.conservative)
        return self.site.page(
            "received.html",
            language,
            due=due,
            until=local_date(given.until),
            given=given,
            at=at,
            portal=BY_NAME["portal"].at(language),
        )

    def _like_a_code(self) -> Given:
        entropy = self.house.entropy
        until = self.house.clock() + FOLLOWS
        return Given(RequestId(""), Level.FOLLOW, new_link(entropy), new_typed(entropy), until)

    # Somebody saw a breach

    def _report(self, request: Request, fields: Fields) -> Response:
        language = language_of(request)
        sent = self.forms.judge("report", request, fields)
        thanks = self.site.page("reported.html", language)
        if sent is Sent.TRAPPED:
            return thanks
        if sent is not Sent.GOOD:
            return self._refused("report", language, sent, fields)
        what, contact = fields.get("what", "").strip(), fields.get("contact", "").strip()
        if not what:
            return self._form("report", language, status=400, fault="what", fields=fields)
        if len(what) + len(contact) > LONGEST_WORDS:
            return self._form("report", language, status=400, fault="words", fields=fields)
        if not self.forms.spend("report", fields):
            return self._refused("report", language, Sent.AGAIN, fields)
        self.house.breaches.report(what, reporter=Reporter.OUTSIDER, actor=SYSTEM, contact=contact)
        return thanks

    # A receipt of the ledger

    def _receipt(self, request: Request, fields: Fields) -> Response:
        language = language_of(request)
        sent = self.forms.judge("receipt", request, fields)
        if sent not in MACHINES_TOO:
            return self._refused("receipt", language, sent, {})
        text = fields.get("receipt", "").replace("\r\n", "\n").strip()
        if not text or len(text) > LONGEST_RECEIPT:
            return self._form("receipt", language, status=400, fault="receipt", fields={})
        key = self.house.ledger.key
        entry = None
        try:
            entry = verify_receipt(text + "\n", key)
        except (DamagedError, UsageError):
            entry = None
        return self.site.page("receipt_checked.html", language, entry=entry, key=str(key))

    # The code on a certificate of a device

    def _certificate(self, request: Request, fields: Fields) -> Response:
        """Say what a code proves; what is typed is not kept, and the answer names nobody."""
        language = language_of(request)
        sent = self.forms.judge("certificate", request, fields)
        if sent not in MACHINES_TOO:
            return self._refused("certificate", language, sent, {})
        code = fields.get("code", "").strip()
        if not code or len(code) > LONGEST_CODE:
            return self._form("certificate", language, status=400, fault="code", fields={})
        found = self.house.devices.check(code)
        return self.site.page(
            "certificate_checked.html", language, found=found, said=checked_text(found, language) if found else "",
            key=str(self.house.ledger.key),
        )  # fmt: skip


RIGHTS: dict[str, Text] = {
    Right.ACCESS: Text(nl="Ik wil weten welke gegevens u van mij hebt (inzage)", en="I want to know which data you have of me (access)"),
    Right.RECTIFICATION: Text(nl="Er klopt iets niet (verbeteren)", en="Something is wrong (rectification)"),
    Right.ERASURE: Text(nl="Ik wil dat u mijn gegevens wist (wissen)", en="I want you to erase my data (erasure)"),
    Right.OBJECTION: Text(nl="Ik wil niet dat u mijn gegevens hiervoor gebruikt (bezwaar)", en="I do not want you to use my data for this (objection)"),
    Right.RESTRICTION: Text(nl="Ik wil dat u mijn gegevens voorlopig niet gebruikt (beperken)", en="I want you not to use my data for now (restriction)"),
    Right.PORTABILITY: Text(nl="Ik wil mijn gegevens meenemen (overdragen)", en="I want to take my data along (portability)"),
}  # fmt: skip
