"""Controls of outreach: nobody gets marketing without consent, and whoever wants it to stop can make it stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.ledger.model import Entry
from gestand.outreach.model import Campaign
from gestand.statement.policy import LawfulBasis, Text

MARKETING = ("newsletter", "offer")
CHOICES = ("consent.recorded", "consent.withdrawn", "objection.recorded", "objection.withdrawn")

ANSWERING = ("request.received", "request.confirmed", "request.closed", "request.rejected")


class Standing:
    """What each person had consented and objected to, as the ledger is read from its beginning."""

    def __init__(self) -> None:
        self.consented: defaultdict[str, set[str]] = defaultdict(set)
        self.objected: defaultdict[str, set[str]] = defaultdict(set)

    def note(self, entry: Entry) -> None:
        """Take in one choice."""
        event, named = entry.event, _named(entry)
        held = self.consented if event.name.startswith("consent") else self.objected
        if event.name.endswith("recorded"):
            held[event.subject] |= named
        else:
            held[event.subject] -= named

    def fault(self, subject: str, purpose: str, *, needs_consent: bool) -> str:
        """Return what is against reaching a person for a purpose; empty if nothing is."""
        if not subject:
            return "to nobody known here"
        if purpose in self.objected[subject]:
            return f"after an objection to '{purpose}'"
        if needs_consent and purpose not in self.consented[subject]:
            return f"without consent to '{purpose}'"
        return ""


class Asking:
    """Who objected and waits for an answer, as the ledger is read: what is sent meanwhile counts once it is known against what."""

    def __init__(self) -> None:
        self._open: dict[str, set[str]] = {}  # by request: under which references who asked stands
        self._against: defaultdict[str, set[str]] = defaultdict(set)  # by request: the purposes objected to since
        self._again: set[tuple[str, str]] = set()  # who consented to what after they had asked
        self._sent: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)  # by request: purpose and fault
        self.faults: list[str] = []

    def note(self, entry: Entry) -> None:
        """Take in a step of a request or a choice."""
        event, request = entry.event, str(entry.event.facts.get("request"))
        if event.name == "request.received" and event.facts.get("right") == "objection":
            self._open[request] = {event.subject} - {""}
            self._again = {one for one in self._again if one[0] != event.subject}
        elif event.name == "request.confirmed" and request in self._open:
            self._open[request] |= {event.subject} - {""}
        elif event.name in {"request.closed", "request.rejected"}:
            self._end(request, counts=not event.facts.get("exempt"))
        elif event.name == "consent.recorded":
            self._again |= {(event.subject, purpose) for purpose in _named(entry)}
        elif event.name == "objection.recorded":
            for one in self._of(event.subject):
                self._against[one] |= _named(entry)

    def sent(self, subject: str, purpose: str, what: str) -> None:
        """Take in that somebody was reached for a purpose."""
        if (subject, purpose) not in self._again:
            for one in self._of(subject):
                self._sent[one].append((purpose, f"{what} while an objection waited for an answer"))

    def left(self) -> list[str]:
        """Return every fault; what is still open counts as against everything."""
        for request in list(self._open):
            self._end(request, counts=True)
        return self.faults

    def _of(self, subject: str) -> list[str]:
        return [request for request, who in self._open.items() if subject in who]

    def _end(self, request: str, *, counts: bool) -> None:
        self._open.pop(request, None)
        sent, against = self._sent.pop(request, []), self._against.pop(request, set())
        self.faults += [what for purpose, what in sent if counts and (not against or purpose in against)]


def _named(entry: Entry) -> set[str]:
    purposes = entry.event.facts.get("purposes")
    return set(map(str, purposes)) if isinstance(purposes, (tuple, list)) else set()


def _acts(world: World) -> Iterator[tuple[Entry, str, str]]:
    """Yield every message sent and call made for a campaign, with its kind and purpose."""
    campaigns: dict[str, tuple[str, str]] = {}
    for entry in entries(world, "outreach.started", "mail.sent", "outreach.called"):
        facts = entry.event.facts
        if entry.event.name == "outreach.started":
            campaigns[str(facts.get("campaign"))] = (str(facts.get("kind")), str(facts.get("purpose")))
        elif entry.event.name == "outreach.called":
            yield entry, *campaigns.get(str(facts.get("campaign")), ("offer", str(facts.get("purpose"))))
        elif facts.get("kind") in {*MARKETING, "service"}:
            yield entry, str(facts.get("kind")), campaigns.get(str(facts.get("reference")), ("", ""))[1]


def only_with_consent(world: World) -> Verdict:
    """Every newsletter, offer and call that the ledger holds went to someone whose consent stood, and who had not objected or asked to."""
    policy = world.policy
    acts = {entry.index: (kind, purpose) for entry, kind, purpose in _acts(world)}
    standing, asking = Standing(), Asking()
    faults: list[str] = []
    for entry in entries(world, *CHOICES, *ANSWERING, "mail.sent", "outreach.called"):
        if entry.event.name in CHOICES:
            standing.note(entry)
        if entry.event.name in {*CHOICES, *ANSWERING}:
            asking.note(entry)
            continue
        if entry.index not in acts:
            continue
        kind, name = acts[entry.index]
        purpose = policy.purposes.get(name)
        what = f"ledger entry {entry.index}: a {kind}"
        if kind == "service":
            if purpose is not None and purpose.marketing:
                faults.append(f"{what} message for the marketing purpose '{name}'")
        elif not name:
            faults.append(f"{what} was sent outside any campaign, so that nobody judged whom it went to")
        elif entry.event.facts.get("objected") is not True:  # who objects in the call consented before it
            needs = purpose is None or purpose.basis is LawfulBasis.CONSENT
            fault = standing.fault(entry.event.subject, name, needs_consent=needs)
            faults += [f"{what} {fault}"] if fault else []
            if not fault:
                asking.sent(entry.event.subject, name, what)
    return judged(
        [*faults, *asking.left()],
        len(acts),
        kept=Text(
            nl="Niemand kreeg reclame zonder toestemming of na bezwaar.",
            en="Nobody got marketing without consent or after an objection.",
        ),
        broken=Text(
            nl="Iemand kreeg reclame zonder toestemming.", en="Somebody got marketing without having consented."
        ),
    )


def unsubscribe_works(world: World) -> Verdict:
    """Every link to unsubscribe that is out there works, was followed when it was used, and every call offered the same."""
    dead, sent = _dead_links(world)
    unheeded, used = _unheeded(world)
    return judged(
        [*dead, *unheeded],
        sent + used,
        kept=Text(
            nl="Afmelden werkt, in elk bericht en elk gesprek.", en="Unsubscribing works, in every message and call."
        ),
        broken=Text(nl="Afmelden werkt niet overal.", en="Unsubscribing does not work everywhere."),
        figures={"messages": sent, "used": used},
    )


def _dead_links(world: World) -> tuple[list[str], int]:
    """Return what is wrong with the links that were sent, and how many messages carried one to someone still known."""
    campaigns: dict[str, Campaign] = {one.id: one for one in world.outreach.all()}
    tokens = world.outreach.tokens()
    faults: list[str] = []
    sent = 0
    for one in world.post.all():
        campaign = campaigns.get(one.reference)
        subject = one.subject_id
        out = str(one.state) in {"sent", "bounced"} and str(one.kind) in MARKETING
        if campaign is None or subject is None or not out or not world.vault.exists(subject):
            continue
        sent += 1
        digest = tokens.get((subject, campaign.purpose))
        if digest is None or not world.outreach.unsubscribing.works(subject, campaign.purpose, digest):
            faults.append(f"campaign {campaign.id}: a link to unsubscribe that was sent leads nowhere")
    return faults, sent


def _unheeded(world: World) -> tuple[list[str], int]:
    """Return what was sent after an unsubscribe, the calls that offered no right to object, and how many acts were looked at."""
    faults: list[str] = []
    used = 0
    stopped: defaultdict[str, set[str]] = defaultdict(set)
    acts = {entry.index: purpose for entry, kind, purpose in _acts(world) if kind in MARKETING}
    for entry in entries(world, "outreach.unsubscribed", "consent.recorded", "mail.sent", "outreach.called"):
        event, named = entry.event, _named(entry)
        used += event.name in {"outreach.unsubscribed", "outreach.called"}
        if event.name == "outreach.unsubscribed":
            stopped[event.subject] |= named
        elif event.name == "consent.recorded":
            stopped[event.subject] -= named
        elif event.name == "mail.sent" and acts.get(entry.index, "") in stopped[event.subject]:
            faults.append(f"ledger entry {entry.index}: sent to someone who had unsubscribed")
        elif event.facts.get("outcome") == "spoken" and event.facts.get("offered") is not True:
            faults.append(f"ledger entry {entry.index}: a call in which the right to object was not offered")
    return faults, used


CONTROLS = (
    Control(
        "marketing-only-with-consent",
        Text(nl="Reclame alleen met toestemming", en="Marketing with consent only"),
        Text(
            nl="elk verzonden bericht en elk gesprek, naast de toestemmingen en bezwaren in het logboek",
            en="every message sent and every call, beside the consents and objections in the ledger",
        ),
        "measured",
        only_with_consent,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "unsubscribe-works",
        Text(nl="Afmelden werkt", en="Unsubscribing works"),
        Text(
            nl="elke verzonden afmeldlink, elke afmelding en elk gesprek",
            en="every link to unsubscribe that was sent, every use of one, and every call",
        ),
        "measured",
        unsubscribe_works,
        __name__,
        ("ledger-intact",),
    ),
)
