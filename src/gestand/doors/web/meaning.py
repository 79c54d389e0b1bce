"""A change between two versions of the statement, as a reader understands it: titles instead of names, in the language of the page.

``statement.compare`` speaks of names of the policy, so that programs and two runs can compare it; here are the words for people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gestand.evidence.registry import controls
from gestand.publication.notices import period_in
from gestand.rights.words import BASIS
from gestand.statement.model import Change, Kind, Statement
from gestand.statement.policy import Policy, Text, Trigger

NOUNS: Mapping[str, Text] = {
    "category": Text(nl="gegevens", en="data"),
    "purpose": Text(nl="doel", en="purpose"),
    "shelf": Text(nl="bewaartermijn", en="retention class"),
    "recipient": Text(nl="ontvanger", en="recipient"),
    "service": Text(nl="dienst", en="service"),
    "role": Text(nl="rol", en="role"),
    "clause": Text(nl="zin", en="clause"),
    "language": Text(nl="taal", en="language"),
}
SECTIONS: Mapping[str, str] = {
    "category": "categories", "purpose": "purposes", "shelf": "shelves", "recipient": "recipients", "service": "services", "role": "roles",
}  # fmt: skip
"""Where the policy keeps each noun that has a title."""
PARTS: Mapping[str, Text] = {
    "controller": Text(nl="wie verantwoordelijk is", en="who is responsible"),
    "controller: website": Text(nl="website", en="website"),
    "contact for requests": Text(nl="contact voor verzoeken", en="contact for requests"),
    "cookies: allowed": Text(nl="toegestane cookie", en="cookie allowed"),
    "rights: identity": Text(nl="hoe blijkt wie iets vraagt", en="how it shows who asks"),
    "breach: authority within hours": Text(nl="datalek: melding aan de toezichthouder binnen zoveel uur", en="breach: told to the authority within so many hours"),
    "breach: subjects within hours": Text(nl="datalek: bericht aan de mensen binnen zoveel uur", en="breach: people told within so many hours"),
    "devices: model": Text(nl="apparaten: veld van het model", en="devices: field of the model"),
    "devices: fault": Text(nl="apparaten: veld van de klacht", en="devices: field of the fault"),
    "devices: accessories": Text(nl="apparaten: veld van de toebehoren", en="devices: field of the accessories"),
    "devices: permission": Text(nl="apparaten: veld van wat bekeken mag worden", en="devices: field of what may be looked at"),
    "devices: image": Text(nl="apparaten: veld van de kopie", en="devices: field of the copy"),
    "devices: access code": Text(nl="apparaten: veld van de toegangscode", en="devices: field of the access code"),
    "field": Text(nl="gegeven", en="datum"),
    "special": Text(nl="bijzondere gegevens", en="special data"),
    "criminal": Text(nl="strafrechtelijke gegevens", en="criminal data"),
    "basis": Text(nl="grondslag", en="basis"),
    "recipient": Text(nl="ontvanger", en="recipient"),
    "subjects": Text(nl="van wie", en="of whom"),
    "marketing": Text(nl="reclame", en="marketing"),
    "channel": Text(nl="weg", en="channel"),
    "exception": Text(nl="uitzondering voor bijzondere gegevens", en="exception for special data"),
    "ground": Text(nl="grond", en="ground"),
    "title": Text(nl="naam", en="name"),
    "consent text": Text(nl="woorden van de toestemming", en="words of the consent"),
    "shelf": Text(nl="bewaartermijn", en="retention class"),
    "period": Text(nl="hoe lang", en="how long"),
    "trigger": Text(nl="begin van de termijn", en="start of the period"),
    "then": Text(nl="wat daarna komt", en="what follows"),
    "country": Text(nl="land", en="country"),
    "role": Text(nl="hoedanigheid", en="capacity"),
    "transfer": Text(nl="grond voor doorgifte", en="ground for transfer"),
    "why": Text(nl="waarom", en="why"),
    "purpose": Text(nl="doel", en="purpose"),
    "kept-by": Text(nl="wat hem houdt", en="what keeps it"),
    "words": Text(nl="andere woorden", en="other words"),
    "promise": Text(nl="een belofte", en="a promise"),
    "mended": Text(nl="een verbeterde belofte", en="a mended promise"),
    "informative": Text(nl="alleen ter informatie", en="for information alone"),
    "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
    "absent": Text(nl="er niet meer", en="gone"),
}  # fmt: skip
"""What is said of a noun, or of the statement as a whole."""
VALUES: Mapping[str, Text] = {
    "yes": Text(nl="ja", en="yes"), "no": Text(nl="nee", en="no"), "nothing": Text(nl="niets", en="nothing"),
    "present": Text(nl="aanwezig", en="present"), "added": Text(nl="erbij", en="added"), "removed": Text(nl="eraf", en="removed"),
    "absent": Text(nl="afwezig", en="absent"), "nl": Text(nl="Nederlands", en="Dutch"), "en": Text(nl="Engels", en="English"),
    "processor": Text(nl="verwerker", en="processor"), "controller": Text(nl="verwerkingsverantwoordelijke", en="controller"),
    "joint": Text(nl="gezamenlijk verantwoordelijk", en="joint controller"), "authority": Text(nl="overheid", en="authority"),
    "email": Text(nl="e-mail", en="e-mail"), "telephone": Text(nl="telefoon", en="telephone"), "post": Text(nl="brief", en="post"),
    "counter": Text(nl="balie", en="counter"), "web": Text(nl="website", en="website"),
    "promise": Text(nl="een belofte", en="a promise"), "mended": Text(nl="verbeterd", en="mended"),
    "informative": Text(nl="ter informatie", en="for information"), "withdrawn": Text(nl="ingetrokken", en="withdrawn"),
}  # fmt: skip
TRIGGERS: Mapping[Trigger, Text] = {
    Trigger.COLLECTED: Text(nl="verkregen", en="collected"),
    Trigger.LAST_CONTACT: Text(nl="laatste contact", en="last contact"),
    Trigger.QUESTION_ANSWERED: Text(nl="vraag beantwoord", en="question answered"),
    Trigger.QUOTE_EXPIRED: Text(nl="offerte verlopen", en="quote expired"),
    Trigger.AGREEMENT_ENDED: Text(nl="overeenkomst beëindigd", en="agreement ended"),
    Trigger.JOB_CLOSED: Text(nl="opdracht klaar", en="job closed"),
    Trigger.INVOICE_ISSUED: Text(nl="factuur verstuurd", en="invoice issued"),
    Trigger.COMPLAINT_CLOSED: Text(nl="klacht afgesloten", en="complaint closed"),
    Trigger.MESSAGE_RECEIVED: Text(nl="bericht ontvangen", en="message received"),
    Trigger.CONSENT_WITHDRAWN: Text(nl="toestemming ingetrokken", en="consent withdrawn"),
    Trigger.OBJECTION: Text(nl="bezwaar gemaakt", en="objection made"),
    Trigger.REQUEST_CLOSED: Text(nl="verzoek afgesloten", en="request closed"),
    Trigger.BREACH_CLOSED: Text(nl="datalek afgesloten", en="breach closed"),
    Trigger.STAFF_LEFT: Text(nl="medewerker vertrokken", en="member of staff left"),
    Trigger.LOGGED: Text(nl="bezocht", en="visited"),
}
STATUSES = frozenset({"promise", "mended", "informative", "withdrawn", "absent"})
SPOKEN = frozenset({"title", "consent text", "why", "rights: identity"})
"""What the policy itself says in both languages."""
MARKS: Mapping[str, Text] = {"added": Text(nl="erbij", en="added"), "removed": Text(nl="eraf", en="removed")}
_NAMED = re.compile(rf"({'|'.join(NOUNS)}) ([^:\s]+)(?:: (.+))?")
_MARKED = re.compile(r"(.+) (added|removed)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A change in words: its kind, what it is about, what stood there and what stands there now."""

    kind: Kind
    what: str
    before: str
    after: str


def meanings(changes: Sequence[Change], old: Statement, new: Statement, language: str) -> tuple[Meaning, ...]:
    """Return each change as a reader of a page understands it, in order."""
    words = _Words(old, new, language)
    return tuple(words.meaning(change) for change in changes)


class _Words:
    def __init__(self, old: Statement, new: Statement, language: str) -> None:
        self._old, self._new = old, new
        self._policies = (new.policy, old.policy)
        self._language = language

    def meaning(self, change: Change) -> Meaning:
        what, mark = change.what, ""
        if marked := _MARKED.fullmatch(what):
            what, mark = marked[1], f", {MARKS[marked[2]].into(self._language)}"
        named = _NAMED.fullmatch(what)
        if named is None:
            noun, part = "", what if what not in NOUNS else ""
            about = NOUNS[what].into(self._language) if what in NOUNS else self._part(what)
        else:
            noun, part = named[1], named[3] or ""
            about = f"{NOUNS[noun].into(self._language)} {self._title(noun, named[2])}"
            about += f": {self._part(part)}" if part else ""
        before, after = self._sides(change, noun, named[2] if named else "", part or what)
        return Meaning(change.kind, about[:1].upper() + about[1:] + mark, before, after)

    def _sides(self, change: Change, noun: str, name: str, part: str) -> tuple[str, str]:
        """Return what stood there and what stands there now, each in the language of the page."""
        if noun == "clause" and part in STATUSES:
            return self._clause(self._old, name, change.before), self._noted(name, part, change.after)
        if part == "kept-by":
            return self._controls(change.before), self._controls(change.after)
        if part in SPOKEN:
            was, now = (self._spoken(one.policy, noun, name, part) for one in (self._old, self._new))
            return was, now
        return self._value(part, change.before), self._value(part, change.after)

    def _clause(self, statement: Statement, clause: str, otherwise: str) -> str:
        text = next((one for one in statement.texts if one.language == self._language), statement.texts[0])
        found = text.clause(clause)
        return found.text if found is not None else self._value("", otherwise)

    def _noted(self, clause: str, status: str, otherwise: str) -> str:
        """Return a clause as it reads now, with what the policy notes of it."""
        note = self._new.policy.clauses.get(clause)
        told = self._clause(self._new, clause, status if note is not None else otherwise)
        return told if note is None else f"{told} ({self._value('', status)}: {note.reason.into(self._language)})"

    def _controls(self, names: str) -> str:
        known = controls()
        return "; ".join(
            known[name].title.into(self._language) if name in known else self._value("", name) for name in names.split()
        )

    def _spoken(self, policy: Policy, noun: str, name: str, part: str) -> str:
        """Return words of the policy that stand there in both languages."""
        text: Text | None
        if part == "rights: identity":
            text = policy.rights.identity
        elif noun == "recipient":
            text = policy.recipients[name].why
        else:
            text = policy.purposes[name].title if part == "title" else policy.purposes[name].consent_text
        return text.into(self._language) if text is not None else ""

    def _part(self, part: str) -> str:
        if known := PARTS.get(part):
            return known.into(self._language)
        if part.startswith("words ("):
            return f"{PARTS['words'].into(self._language)} ({self._value('', part[7:-1])})"
        return part

    def _value(self, part: str, value: str) -> str:  # noqa: PLR0911 - one for each kind of value
        """Return a value as people say it: a title for a name, a period in words."""
        if not value:
            return ""
        if part == "period":
            return period_in(value, "nl" if self._language == "nl" else "en")
        if part == "basis":
            return next((text.into(self._language) for basis, text in BASIS.items() if basis == value), value)
        if part == "trigger":
            return next((text.into(self._language) for one, text in TRIGGERS.items() if one == value), value)
        noun = {"then": "shelf", "contact for requests": "contact"}.get(part, part.partition(":")[0])
        if noun == "contact":
            kind, _, rest = value.partition(" ")
            return f"{self._value('channel', kind)} {rest}"
        if noun in {"category", "purpose", "shelf", "recipient", "service"} or noun in {"field", "devices"}:
            return self._title(noun, value)
        return VALUES[value].into(self._language) if value in VALUES else value

    def _title(self, noun: str, name: str) -> str:
        """Return what a name of either policy is called; the name itself where neither knows it."""
        if noun == "language":
            return self._value("", name)
        for policy in self._policies:
            if noun in {"field", "devices"}:
                found = policy.field(name)
                if found is not None:
                    return found.title.into(self._language)
            elif noun in SECTIONS:
                one = getattr(policy, SECTIONS[noun]).get(name)
                if one is not None:
                    return f"“{one.title.into(self._language)}”"
        return name
