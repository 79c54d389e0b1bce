"""Messages that are held or restricted: put there from the page of a message, listed without opening one, and let go again.

A legal hold keeps a message however due; a restriction (Article 18) keeps it closed but for answering the person. What the
list shows is no content: ids, days, and the reasons that stand in the ledger.
"""

from __future__ import annotations

from datetime import date

from gestand.doors.office.pages.mail import needing
from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import MessageId, PurposeId
from gestand.staff.model import Act

MOST_SHOWN = 100


def held(visit: Visit) -> Answer:
    """List what is held and what is restricted; nothing is opened."""
    _refuse_strangers(visit)
    archive = visit.house.archive
    restricted = archive.restrictions.every()
    return visit.page(
        "held_mail.html", visit.say("Vastgehouden en beperkte berichten", "Messages held and restricted"),
        holds=archive.holds.every(), restricted=restricted[-MOST_SHOWN:][::-1], more=max(len(restricted) - MOST_SHOWN, 0),
        rights=_rights(visit),
    )  # fmt: skip


def hold(visit: Visit) -> Answer:
    """Keep a message, or its whole conversation, however due."""
    _refuse_strangers(visit)
    why, until = visit.field("why"), visit.day("until", date.max)
    if until < visit.today:
        raise UsageError("date", f"{until} is over", remedy="Choose a day to come, or leave it empty.")
    last = None if until == date.max else until
    visit.house.archive.holds.place(_meant(visit), reason=why, until=last, actor=visit.actor)
    return _back(visit)


def lift(visit: Visit) -> Answer:
    """Lift a hold on messages: the first time it is asked for, then it is done once somebody looked at it too."""
    wanted, why, staff, archive = visit.params["hold"], visit.field("why"), visit.house.staff, visit.house.archive
    if wanted not in {one.id for one in archive.holds.every()}:
        raise UsageError("hold-unknown", "there is no such hold on messages", remedy="Open the list again.")
    if staff.approvals.of(Act.LIFT_HOLD, wanted, now=visit.now) is None:
        staff.ask_approval(Act.LIFT_HOLD, wanted, actor=visit.actor)
        return visit.go("staff")
    with visit.house.engine.transaction():
        staff.approvals.use(Act.LIFT_HOLD, wanted, actor=visit.actor, now=visit.now)
        archive.holds.lift(wanted, reason=why, actor=visit.actor)
    return visit.go("mail/held")


def restrict(visit: Visit) -> Answer:
    """Restrict a message, or its whole conversation, or lift that."""
    _refuse_strangers(visit)
    restrictions = visit.house.archive.restrictions
    act = restrictions.lift if "release" in visit.form else restrictions.place
    act(_meant(visit), reason=visit.field("why"), actor=visit.actor)
    return _back(visit)


def _meant(visit: Visit) -> tuple[MessageId, ...]:
    archive = visit.house.archive
    name = archive.kept(MessageId(visit.params["message"])).message
    return archive.conversation(name) if "rest" in visit.form else (name,)


def _back(visit: Visit) -> Answer:
    """Go back to the message for the purpose it was opened for, or for that of answering people if it is closed for that now."""
    name, asked = MessageId(visit.params["message"]), visit.form.get("purpose", "")
    for purpose, reason in ((asked, visit.form.get("reason", "")), (_rights(visit), "request")):
        if purpose in visit.purposes() and visit.house.archive.allowed([name], PurposeId(purpose)):
            return visit.go(f"mail/{name}?purpose={purpose}&reason={reason}")
    return visit.go("mail/held")


def _rights(visit: Visit) -> str:
    """Return the purpose of answering people if whoever asks may act for it; else nothing."""
    purpose = visit.policy.rights.purpose
    return purpose if purpose in visit.purposes() else ""


def _refuse_strangers(visit: Visit) -> None:
    if not needing(visit):
        raise RefusedError(
            "role-purpose",
            "none of your roles may act for a purpose that needs messages",
            where="policy.toml: roles",
            remedy="Ask a colleague who may, or a keeper for the role.",
        )


PAGE = Page(
    "held-mail",
    None,
    (
        Route("mail/held", "GET", "staff", NONE, held),
        Route("mail/holds/{hold}/lift", "POST", "keeper", NONE, lift, fresh=True),
        Route("mail/{message}/hold", "POST", "staff", CHOSEN, hold),
        Route("mail/{message}/restrict", "POST", "staff", CHOSEN, restrict),
    ),
)
