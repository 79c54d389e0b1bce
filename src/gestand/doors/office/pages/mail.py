"""Mail: search the archive for a purpose, open a message text first, follow the conversation, give a copy with others blacked out.

What was asked for travels in the body of a request, never in an address. A message's own HTML is shown only when somebody
asks for it, sanitised, in a frame that may do nothing.
"""

from __future__ import annotations

from datetime import date

from gestand.archive.model import Kept, OpenedMessage
from gestand.archive.redacting import Redaction
from gestand.archive.threads import headline
from gestand.archive.ways.heads import instant_of
from gestand.doors.office.pages.people import matches
from gestand.doors.office.routes import CHOSEN, NONE, RIGHTS, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import REASONS
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import MessageId, PurposeId, SubjectId
from gestand.statement.policy import Text

MOST_FOUND = 50
FRAMED = (
    '<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'\"><title>-</title></head><body>{}</body></html>"
)
"""What stands in the frame: no script, style, picture or address of its own is let through."""


def mail(visit: Visit) -> Answer:
    """Ask what to look for, and for which purpose."""
    return _listed(visit, found=None)


def find(visit: Visit) -> Answer:
    """Search, and show of each message that may be opened who, when and about what."""
    purpose, archive = visit.purpose(visit.field("purpose")), visit.house.archive
    kept = archive.search(
        visit.field("wanted"), purpose, actor=visit.actor, reason=_reason(visit), stems="stems" in visit.form,
        limit=MOST_FOUND + 1,
    )  # fmt: skip
    names = [one.message for one in kept[:MOST_FOUND]]
    found = archive.headlines(names, purpose, actor=visit.actor, reason=_reason(visit)) if names else ()
    return _listed(visit, found=found, more=len(kept) > MOST_FOUND)


def _listed(visit: Visit, **values: object) -> Answer:
    messages, _ = visit.house.archive.counts()
    held, restricted = visit.house.archive.holds.counts()
    return visit.page(
        "mail.html", kept=messages, held=held, restricted=restricted, purposes=needing(visit), reasons=REASONS,
        asked=visit.form, reason=_reason(visit), **values,
    )  # fmt: skip


def needing(visit: Visit) -> list[PurposeId]:
    """Return the purposes that whoever asks may act for and that need the content of messages."""
    field = visit.house.config.archive.field
    return [name for name in visit.purposes() if field in visit.policy.purposes[name].needs]


def message(visit: Visit) -> Answer:
    """Open a message: its head, its text, its attachments by name, and the conversation by date."""
    if not visit.query.get("purpose"):
        return visit.go("mail")  # nothing opens before it is said what for
    purpose = visit.purpose(visit.query.get("purpose", ""))
    found, archive = _opened(visit, purpose), visit.house.archive
    read = archive.read(found)
    line, thread = headline(found, read), archive.thread(found)
    return visit.page(
        "message.html", line.subject or visit.say("Zonder onderwerp", "No subject"), one=found, line=line, mail=read,
        sent=instant_of(read.sent), purpose=purpose, reason=_reason(visit), thread=thread,
        restricted=archive.restrictions.on(found.kept.message), holds=archive.holds.on(found.kept.message),
        may_open=archive.allowed([one.message for one in thread], purpose),
        rights=visit.policy.rights.purpose in visit.purposes(), classes=_classes(visit, found.kept),
        elsewhere=archive.purposes.of_the_rest(found.kept.message) if found.kept.corrected_by else (),
    )  # fmt: skip


def _classes(visit: Visit, kept: Kept) -> list[tuple[PurposeId, date]]:
    """Return under which other purposes a message may be put, and on which day it would leave then."""
    others = [name for name in needing(visit) if name != kept.purpose]
    return [(name, visit.house.archive.purposes.would_leave(kept, name)) for name in others]


def classed(visit: Visit) -> Answer:
    """Put a message, or the rest of its conversation, under another purpose by a person's word; no rule changes that."""
    archive, opened_for = visit.house.archive, visit.purpose(visit.field("purpose"))
    wanted, why = visit.purpose(visit.field("class")), visit.field("why")
    name = archive.kept(MessageId(visit.params["message"])).message
    others = [one.message for one in archive.purposes.of_the_rest(name)] if "rest" in visit.form else []
    archive.purposes.correct(others or [name], wanted, actor=visit.actor, reason=why)
    return visit.go(f"mail/{name}?purpose={opened_for}&reason={_reason(visit)}")


def formatted(visit: Visit) -> Answer:
    """Give the HTML of a message, sanitised, for the frame."""
    found = _opened(visit, visit.purpose(visit.query.get("purpose", "")))
    none = visit.say(
        "Er is geen opmaak, of geen die veilig te tonen is.",
        "There is no formatting, or none that can be shown safely.",
    )
    page = FRAMED.format(visit.house.archive.html(found) or none)
    return visit.file(page.encode(), f"{found.kept.message}.html", "text/html; charset=utf-8")


def attachment(visit: Visit) -> Answer:
    """Give an attachment as a file to keep; nothing here opens it."""
    found = _opened(visit, visit.purpose(visit.query.get("purpose", "")))
    names = [one.name for one in visit.house.archive.read(found).attachments]
    wanted = visit.params["number"]
    if not wanted.isdecimal() or int(wanted) >= len(names):
        raise UsageError("page-unknown", "there is no such attachment", remedy="Open the message again.")
    content = visit.house.archive.attachment(found, int(wanted))
    return visit.file(content, names[int(wanted)] or f"{wanted}.bin", "application/octet-stream")


def redaction(visit: Visit) -> Answer:
    """Propose what of a message a data subject may see (Article 15(4)); nothing is given by this."""
    purpose, subject = visit.purpose(visit.field("purpose")), _whose(visit)
    found = _opened(visit, purpose)
    return visit.page(
        "redaction.html", visit.say("Voorstel voor een kopie", "Proposal for a copy"), one=found, subject=subject,
        purpose=purpose, proposed=_proposed(visit, found, subject),
    )  # fmt: skip


def give(visit: Visit) -> Answer:
    """Give the copy whose words somebody looked at and confirmed; recorded."""
    subject = _whose(visit)
    found = _opened(visit, visit.purpose(visit.field("purpose")))
    text = visit.house.archive.copies.give(
        found, _proposed(visit, found, subject), confirmed=visit.field("confirmed"), actor=visit.actor
    )
    return visit.file(text.encode(), f"{found.kept.message}.txt", "text/plain; charset=utf-8")


def _opened(visit: Visit, purpose: PurposeId) -> OpenedMessage:
    wanted = MessageId(visit.params["message"])
    return visit.house.archive.open(wanted, purpose, actor=visit.actor, reason=_reason(visit))


def _whose(visit: Visit) -> SubjectId:
    """Return the one person for whom a copy is made."""
    wanted = visit.field("person")
    found = matches(visit, wanted)
    if len(found) != 1:
        raise UsageError(
            "archive-person",
            f"{len(found)} people are known by this",
            remedy="Look them up, and fill in the id at the foot of their card (sub_...).",
        )
    return found[0]


def _proposed(visit: Visit, found: OpenedMessage, subject: SubjectId) -> Redaction:
    return visit.house.archive.copies.propose(found, subject, actor=visit.actor)


def _reason(visit: Visit) -> str:
    wanted = visit.form.get("reason") or visit.query.get("reason") or ""
    return wanted if wanted in REASONS else "dossier"


PAGE = Page(
    "mail",
    Text(nl="E-mail", en="E-mail"),
    (
        Route("mail", "GET", "staff", NONE, mail),
        Route("mail/find", "GET", "staff", NONE, mail),
        Route("mail/find", "POST", "staff", CHOSEN, find),
        Route("mail/{message}", "GET", "staff", CHOSEN, message),
        Route("mail/{message}/formatted", "GET", "staff", CHOSEN, formatted),
        Route("mail/{message}/attachment/{number}", "GET", "staff", CHOSEN, attachment),
        Route("mail/{message}/class", "POST", "staff", CHOSEN, classed),
        Route("mail/{message}/redaction", "POST", "staff", RIGHTS, redaction),
        Route("mail/{message}/give", "POST", "staff", RIGHTS, give, fresh=True),
    ),
)
