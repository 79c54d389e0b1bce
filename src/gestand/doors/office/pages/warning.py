"""Telling of a breach: the authority's form and its number, letters and mails to people, the public notice, the controller."""

from __future__ import annotations

import io
import zipfile

from gestand.breach.notices import Audience, Phase
from gestand.breach.telling import Told
from gestand.doors.office import refusals
from gestand.doors.office.routes import BREACH, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import CHANNEL
from gestand.kernel.errors import GestandError, UsageError

PDF = "application/pdf"


def form(visit: Visit) -> Answer:
    """Show the authority's form filled as far as known; a person submits it, and fills in the number here."""
    service, name = visit.house.breaches, visit.params["breach"]
    case = service.case(name)
    return visit.page(
        "breach_form.html", visit.say("Melden bij de toezichthouder", "Telling the authority"), one=case.breach, case=case,
        form=service.form(name, actor=visit.actor), authority=visit.policy.breach.authority,
        due=next((one for one in service.due(case) if one.audience is Audience.AUTHORITY), None),
    )  # fmt: skip


def form_paper(visit: Visit) -> Answer:
    """Give the form as a PDF."""
    filled = visit.house.breaches.form(visit.params["breach"], actor=visit.actor)
    title, _, body = filled.text().partition("\n")
    return visit.file(_sheet(visit, title, body, "nl"), f"{visit.params['breach']}.pdf", PDF)


def submit(visit: Visit) -> Answer:
    """Record that the form was submitted, under the number that the authority gave."""
    visit.house.breaches.submit(
        visit.params["breach"], reference=visit.field("reference"), actor=visit.actor, submitted_at=visit.moment("at"),
        reasons=visit.form.get("reasons", "").strip(), phase=Phase.WITHDRAWAL if "withdrawal" in visit.form else None,
    )  # fmt: skip
    return visit.go(f"breaches/{visit.params['breach']}")


def tell(visit: Visit) -> Answer:
    """Show how the people concerned, everyone, or a controller are told, and what each would read."""
    service, name = visit.house.breaches, visit.params["breach"]
    case = service.case(name)
    try:
        public, cannot = service.notice_for_all(name, actor=visit.actor), ""
    except GestandError as fault:
        public, cannot = None, refusals.told(fault, visit.language)
    return visit.page(
        "breach_tell.html", visit.say("Mensen inlichten", "Telling people"), one=case.breach, case=case, public=public,
        cannot=cannot, shown=any(up.breach == case.breach.id for up in service.published()), channels=CHANNEL,
        controller=service.for_controller(name, actor=visit.actor, language=visit.language),
    )  # fmt: skip


def letters(visit: Visit) -> Answer:
    """Give a letter for everyone listed who was not told yet, as PDFs in one file."""
    language = _language(visit)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for letter in visit.house.breaches.letters(visit.params["breach"], actor=visit.actor, language=language):
            lines = letter.address or ((letter.email,) if letter.email else ())
            packed.writestr(f"{letter.subject}.pdf", _sheet(visit, letter.title, letter.body, language, lines))
    return visit.file(stream.getvalue(), f"{visit.params['breach']}.zip", "application/zip")


def send(visit: Visit) -> Answer:
    """Mail everyone listed who has an address and was not told yet."""
    visit.house.breaches.send(visit.params["breach"], actor=visit.actor, language=_language(visit))
    return _back(visit)


def told(visit: Visit) -> Answer:
    """Record that people, or controllers, were told by hand: how, when, and how many who are on no list."""
    service, name = visit.house.breaches, visit.params["breach"]
    record = Told(visit.field("channel"), visit.moment("at"), None, visit.number("others"))
    (service.told_controller if "controller" in visit.form else service.told)(name, record, actor=visit.actor)
    return _back(visit)


def publish(visit: Visit) -> Answer:
    """Put the public notice on the public pages, or take it down."""
    service, name = visit.house.breaches, visit.params["breach"]
    if "withdraw" in visit.form:
        service.withdraw(name, actor=visit.actor)
    else:
        service.publish(name, actor=visit.actor)
    return _back(visit)


def _sheet(visit: Visit, title: str, body: str, language: str, addressee: tuple[str, ...] = ()) -> bytes:
    from gestand.doors.paper import sheet  # the typesetter is loaded when a paper is asked for

    sender = visit.policy.controller.name
    return sheet(title, body, sender=sender, language=language, dated=visit.today, addressee=addressee)


def _language(visit: Visit) -> str:
    wanted = visit.form.get("letter", "nl")
    if wanted not in {"nl", "en"}:
        raise UsageError("field-empty", "'letter' is no language", remedy="Choose Dutch or English.")
    return wanted


def _back(visit: Visit) -> Answer:
    return visit.go(f"breaches/{visit.params['breach']}/tell")


PAGE = Page(
    "warning",
    None,
    (
        Route("breaches/{breach}/form", "GET", "staff", BREACH, form),
        Route("breaches/{breach}/form", "POST", "staff", BREACH, form_paper),
        Route("breaches/{breach}/submit", "POST", "staff", BREACH, submit, fresh=True),
        Route("breaches/{breach}/tell", "GET", "staff", BREACH, tell),
        Route("breaches/{breach}/letters", "POST", "staff", BREACH, letters, fresh=True),
        Route("breaches/{breach}/send", "POST", "staff", BREACH, send, fresh=True),
        Route("breaches/{breach}/told", "POST", "staff", BREACH, told),
        Route("breaches/{breach}/publish", "POST", "keeper", BREACH, publish, fresh=True),
    ),
)
