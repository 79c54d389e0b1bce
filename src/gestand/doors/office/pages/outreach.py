"""Outreach: campaigns, to whom each may go and who is left out and why, starting and stopping, and the list for the telephone.

The audience is judged without opening anything; only the list of calls shows names, for the purpose of its campaign.
"""

from __future__ import annotations

from gestand.doors.office.routes import CHOSEN, NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import CHANNEL
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import SubjectId
from gestand.outreach.model import Campaign, CampaignKind, CampaignState, Outcome, Via
from gestand.outreach.words import IN_EACH_CALL, REASONS
from gestand.post.model import State
from gestand.statement.policy import Text

MOST_LEFT_OUT = 200
KIND = {
    CampaignKind.NEWSLETTER: Text(nl="nieuwsbrief", en="newsletter"),
    CampaignKind.SERVICE: Text(nl="dienstbericht", en="service message"),
    CampaignKind.OFFER: Text(nl="aanbod", en="offer"),
}
VIA = {Via.MAIL: Text(nl="e-mail", en="e-mail"), Via.TELEPHONE: Text(nl="telefoon", en="telephone")}
STANDS = {
    CampaignState.DRAFT: Text(nl="klaargezet", en="prepared"),
    CampaignState.RUNNING: Text(nl="loopt", en="running"),
    CampaignState.STOPPED: Text(nl="gestopt", en="stopped"),
}
SENT = {
    State.QUEUED: Text(nl="klaar om te gaan", en="ready to go"),
    State.IN_FLIGHT: Text(nl="onderweg", en="on its way"),
    State.SENT: Text(nl="aangenomen door de mailserver", en="accepted by the mail server"),
    State.IN_DOUBT: Text(nl="misschien verzonden: zoek het uit", en="perhaps sent: find out"),
    State.WAITING: Text(nl="wordt opnieuw geprobeerd", en="will be tried again"),
    State.FAILED: Text(nl="geweigerd", en="refused"),
    State.BOUNCED: Text(nl="teruggekomen", en="came back"),
    State.WITHHELD: Text(nl="op het laatst tegengehouden", en="held back at the last moment"),
    State.CANCELLED: Text(nl="teruggehaald", en="taken back"),
    State.TO_PRINT: Text(nl="te printen", en="to be printed"),
    State.POSTED: Text(nl="op de post", en="posted"),
}
CALLED = {
    Outcome.SPOKEN: Text(nl="gesproken", en="spoken to"),
    Outcome.NO_ANSWER: Text(nl="geen gehoor", en="no answer"),
    Outcome.CALL_BACK: Text(nl="later terugbellen", en="call back later"),
    Outcome.WRONG_NUMBER: Text(nl="verkeerd nummer", en="wrong number"),
}

MOST_LISTED = 100


def outreach(visit: Visit) -> Answer:
    """Show every campaign, newest first, with what became of it."""
    service = visit.house.outreach
    found = [service.status(one.id) for one in service.all()[: -MOST_LISTED - 1 : -1]]
    return visit.page("outreach.html", found=found, **_words())


def campaign(visit: Visit) -> Answer:
    """Show one campaign: its words, who may get it, who is left out and why."""
    service, wanted = visit.house.outreach, visit.params["campaign"]
    status, audience = service.status(wanted), service.audience(wanted)
    left_out = [one for one in audience.judged if not one.allowed]
    return visit.page(
        "campaign.html", status.campaign.title, status=status, one=status.campaign, allowed=audience.counts(allowed=True),
        left_out=left_out[:MOST_LEFT_OUT], left_counts=audience.counts(allowed=False), more=len(left_out) > MOST_LEFT_OUT,
        mine=status.campaign.purpose in visit.purposes(), sender=visit.house.post.sender, **_words(),
    )  # fmt: skip


def _words() -> dict[str, object]:
    return {
        "kinds": KIND,
        "vias": VIA,
        "stands": STANDS,
        "sent": SENT,
        "called": CALLED,
        "reasons": REASONS,
        "in_each_call": IN_EACH_CALL,
        "channels": CHANNEL,
    }


def trial(visit: Visit) -> Answer:
    """Queue a trial message to an address of the firm, with invented values."""
    found = _mine(visit)
    visit.house.outreach.test(found.id, visit.field("to"), actor=visit.actor)
    return _back(visit)


def start(visit: Visit) -> Answer:
    """Queue a message for everyone who may get it; each is judged again just before it leaves."""
    visit.house.outreach.send(_mine(visit).id, actor=visit.actor)
    return _back(visit)


def stop(visit: Visit) -> Answer:
    """Stop a campaign: what has not left does not leave."""
    visit.house.outreach.stop(_mine(visit).id, actor=visit.actor)
    return _back(visit)


def calls(visit: Visit) -> Answer:
    """Open the next people to call, judged at this moment."""
    return _list(visit, _mine(visit))


def record(visit: Visit) -> Answer:
    """Record how a call went, with the right of objection ticked, and show who is next."""
    found = _mine(visit)
    outcome = next((one for one in Outcome if one == visit.form.get("outcome")), None)
    if outcome is None:
        raise UsageError("field-empty", "'outcome' is empty", remedy="Say how the call went.")
    visit.house.outreach.record(
        found.id, SubjectId(visit.field("subject")), outcome, offered="offered" in visit.form,
        objected="objected" in visit.form, actor=visit.actor,
    )  # fmt: skip
    return _list(visit, found)


def _list(visit: Visit, found: Campaign) -> Answer:
    lines = visit.house.outreach.calls(found.id, actor=visit.actor)
    return visit.page("calls.html", visit.say("Bellijst", "Call list"), one=found, lines=lines, **_words())


def _mine(visit: Visit) -> Campaign:
    """Return the campaign, if a role of whoever asks may act for its purpose."""
    found = visit.house.outreach.one(visit.params["campaign"])
    visit.purpose(found.purpose)
    return found


def _back(visit: Visit) -> Answer:
    return visit.go(f"outreach/{visit.params['campaign']}")


PAGE = Page(
    "outreach",
    Text(nl="Campagnes", en="Campaigns"),
    (
        Route("outreach", "GET", "staff", NONE, outreach),
        Route("outreach/{campaign}", "GET", "staff", NONE, campaign),
        Route("outreach/{campaign}/trial", "POST", "staff", CHOSEN, trial),
        Route("outreach/{campaign}/start", "POST", "staff", CHOSEN, start, fresh=True),
        Route("outreach/{campaign}/stop", "POST", "staff", CHOSEN, stop),
        Route("outreach/{campaign}/calls", "POST", "staff", CHOSEN, calls),
        Route("outreach/{campaign}/record", "POST", "staff", CHOSEN, record),
    ),
)
