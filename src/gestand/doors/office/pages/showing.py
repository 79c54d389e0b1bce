"""The proof page that the public may see: looked at here first, then shown, or not. And telling people of a wider version."""

from __future__ import annotations

from gestand.doors.office.refusals import told
from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import FINDING
from gestand.doors.public.table import path_of
from gestand.kernel.errors import GestandError
from gestand.statement.policy import Text

SHOWN = {
    **{str(finding): said for finding, said in FINDING.items()},
    "private": Text(
        nl="over beveiliging of geheimhouding: de uitkomst wordt nooit getoond",
        en="about security or secrecy: the outcome is never shown",
    ),
}
KNOWN = {
    "measured": Text(nl="gemeten", en="measured"),
    "attested": Text(nl="verklaard", en="attested"),
    "both": Text(nl="gemeten en verklaard", en="measured and attested"),
    "": Text(nl="–", en="–"),
}


def showing(visit: Visit) -> Answer:
    """Show what the public sees of the last proof, sentence by sentence, and whether it does."""
    room = visit.house.showing
    shown = room.last()
    text = visit.house.publication.in_force().text(visit.language)
    sentences = {clause.id: clause.text for clause in text.clauses}
    return visit.page(
        "showing.html", visit.say("De bewijspagina", "The proof page"), shown=shown, sentences=sentences, findings=SHOWN, known=KNOWN,
        public=room.public() is not None, on=room.is_on, address=path_of("proof", visit.language),
    )  # fmt: skip


def seen(visit: Visit) -> Answer:
    """Record that a keeper looked at what the public would see; from now on it may be shown."""
    visit.house.showing.preview(actor=visit.actor)
    return visit.go("evidence/public")


def turn(visit: Visit) -> Answer:
    """Show the page to everyone, or do not."""
    visit.house.showing.turn(on="on" in visit.form, actor=visit.actor)
    return visit.go("evidence/public")


def announce(visit: Visit) -> Answer:
    """Say how many people a wider version concerns, and queue their notices if asked; each leaves before it takes effect."""
    version = visit.params["version"]
    announcing, problem, done = visit.house.announcing, "", None
    language = visit.letter
    try:
        done = announcing.announce(version, actor=visit.actor, language=language, dry_run="queue" not in visit.form)
    except GestandError as fault:
        if "queue" in visit.form:
            raise
        problem = told(fault, visit.language)
    return visit.page(
        "announce.html", visit.say("Wie het hoort", "Who is told"), done=done, problem=problem, version=version,
        queued="queue" in visit.form,
    )  # fmt: skip


PAGE = Page(
    "showing",
    None,
    (
        Route("evidence/public", "GET", "staff", NONE, showing),
        Route("evidence/public/seen", "POST", "keeper", NONE, seen),
        Route("evidence/public/turn", "POST", "keeper", NONE, turn, fresh=True),
        Route("statement/versions/{version}/announce", "POST", "keeper", NONE, announce),
    ),
)
