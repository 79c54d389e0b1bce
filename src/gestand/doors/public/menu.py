"""What stands at the foot of every public page."""

from __future__ import annotations

from dataclasses import dataclass

from gestand.doors.public.table import path_of
from gestand.statement.policy import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: a route and what it is called."""

    name: str
    title: Text

    def at(self, language: str) -> str:
        """Return its address in a language."""
        return path_of(self.name, language)


REQUEST = Entry("request", Text(nl="Verzoek doen", en="Make a request"))
PORTAL = Entry("portal", Text(nl="Verzoek volgen", en="Follow a request"))
PROOF = Entry("proof", Text(nl="Houden wij ons eraan?", en="Do we keep it?"))
CONTACT = Entry("contact", Text(nl="Contact", en="Contact"))
REPORT = Entry("report", Text(nl="Datalek melden", en="Report a breach"))
RECEIPT = Entry("receipt", Text(nl="Bewijs controleren", en="Verify a receipt"))
CERTIFICATE = Entry("certificate", Text(nl="Apparaat: bewijs nagaan", en="Device: check a certificate"))
NOTICES = Entry("notices", Text(nl="Berichten over een datalek", en="Notices of a breach"))


def menu_of(*, answers: bool, proof: bool, devices: bool = False) -> tuple[Entry, ...]:
    """Return the menu: without what needs an answer where nobody answers, without the proof where it is not shown.

    ``devices``: the firm has devices of customers in hand, and gives certificates of them.
    """
    forms = (REQUEST, PORTAL) if answers else (REQUEST,)
    return (
        *forms,
        *((PROOF,) if proof else ()),
        CONTACT,
        REPORT,
        *((RECEIPT,) if answers else ()),
        *((CERTIFICATE,) if answers and devices else ()),
        NOTICES,
    )
