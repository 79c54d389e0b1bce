"""The form of the Dutch authority, filled as far as known, for a person to submit (Articles 33(3) and 33(4)). Pure.

The sections follow the authority's own form as copies of it show; its web form stays what counts. What is not known is
listed, never invented: it follows in a later phase.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gestand.breach.duties import duties_of
from gestand.breach.facts import Judgement
from gestand.breach.letters import Story, kinds_of
from gestand.breach.model import Case, Part, ReadPage
from gestand.breach.notices import Audience, Phase
from gestand.breach.questions import ROLES, in_words
from gestand.breach.rules import due_notices, missing_parts
from gestand.breach.words import KINDS, LEVERS, contained_in_words, moment, series
from gestand.law.breach_notice import PARTS
from gestand.law.breach_people import PeopleDuty
from gestand.law.dutch import in_dutch
from gestand.statement.policy import Policy

_PHASES = {
    Phase.FIRST: "de eerste melding",
    Phase.ADDITION: "een aanvulling",
    Phase.WITHDRAWAL: "een intrekking",
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the form with its answer; ``known`` False: still to be filled."""

    question: str
    answer: str
    known: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form."""

    number: int
    title: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class AuthorityForm:
    """The form as it stands. ``missing``: parts of Article 33(3) that follow in a later phase; ``phase``: what it is now."""

    breach: str
    phase: Phase
    rehearsal: bool
    sections: tuple[Section, ...]
    missing: tuple[str, ...]

    @property
    def provisional(self) -> bool:
        """Say whether an addition must follow."""
        return bool(self.missing)

    def text(self) -> str:
        """Return the form as text for whoever fills it in."""
        first = [f"Melding datalek {self.breach}" + (" — OEFENING, NIET INDIENEN" if self.rehearsal else "")]
        for section in self.sections:
            first.append(f"\n{section.number}. {section.title}")
            first += [
                f"   {one.question}: {one.answer if one.known else '(nog niet bekend)'}" for one in section.fields
            ]
        if self.missing:
            names = {part.name: part.nl for part in PARTS["authority"]}
            first.append("\nVolgt in een aanvulling (AVG 33(4)):")
            first += [f"   - {names[name]}" for name in self.missing]
        return "\n".join(first) + "\n"


def fill(  # noqa: PLR0917 - what the form is made of
    case: Case, policy: Policy, judgement: Judgement, story: Story, pages: Sequence[ReadPage], now: datetime
) -> AuthorityForm:
    """Return the form filled with what is known: rows, computed numbers, stated facts, and what was written."""
    phase = Phase.ADDITION if case.submissions else Phase.FIRST
    sections = (
        Section(0, "Over deze melding", _about(case, phase)),
        Section(1, "Contactgegevens", _contact(policy, judgement)),
        Section(2, "Tijdlijn", _times(case, policy, judgement.facts, pages, now)),
        Section(3, "Gegevens over het datalek", _nature(judgement.facts, story, pages)),
        Section(4, "Persoonsgegevens", _data(case, policy, judgement)),
        Section(5, "Groep mensen", _people(case, judgement.facts)),
        Section(6, "Maatregelen vóór het datalek", _before(judgement.facts)),
        Section(7, "Gevolgen", _effects(case, policy, judgement, story)),
        Section(8, "Vervolgacties", _after(case, judgement, story, pages)),
        Section(9, "Overig", _rest(case, phase)),
    )
    return AuthorityForm(case.breach.id, phase, case.breach.rehearsal, sections, missing_parts(case))


def _field(question: str, answer: object) -> FormField:
    said = "" if answer is None else str(answer)
    return FormField(question, said, bool(said))


def _about(case: Case, phase: Phase) -> tuple[FormField, ...]:
    earlier = case.submissions[0].reference if case.submissions else "geen"
    return (
        _field("Soort melding", "aanvulling" if phase is Phase.ADDITION else "nieuwe melding"),
        _field("Nummer van de eerdere melding", earlier),
        _field("Op grond van", "AVG, artikel 33"),
    )


def _contact(policy: Policy, judgement: Judgement) -> tuple[FormField, ...]:
    controller = policy.controller
    return (
        _field("Organisatie", f"{controller.name}, {controller.legal_form.nl}"),
        _field("KvK-nummer", controller.coc),
        *(_field(f"Contactpunt ({contact.kind})", contact.value) for contact in controller.contacts),
        _field("Naam, functie en telefoon van de melder", None),  # who submits it says so
        _field("Rol", ROLES[judgement.assessment.role].nl),
        _field("Andere betrokken organisatie", judgement.facts.get("processor", "geen bekend")),
    )


def _times(
    case: Case, policy: Policy, facts: Mapping[str, Any], pages: Sequence[ReadPage], now: datetime
) -> tuple[FormField, ...]:
    breach = case.breach
    first = min(
        breach.reported_at, breach.aware_at or breach.reported_at
    )  # who knew before it was written down had a signal
    why = [page.text for page in pages if page.page.part is Part.AWARENESS]
    known = moment(breach.aware_at, "nl") if breach.aware_at else None
    return (
        _field("Begin van de inbreuk", facts.get("started")),
        _field("Einde van de inbreuk", facts.get("ended")),
        _field("Eerste signaal", moment(first, "nl")),
        _field("Ontdekt (redelijke zekerheid)", known),
        _field("Waarom toen", why[-1] if why else None),
        _delay(case, policy, pages, now),
    )


def _delay(case: Case, policy: Policy, pages: Sequence[ReadPage], now: datetime) -> FormField:
    """Return why the notification comes after its hour: it goes with those reasons (Article 33(1))."""
    told = [json.loads(page.text).get("reasons", "") for page in pages if page.page.part is Part.SUBMISSION]
    reasons = next((one for one in told if one), "")
    late = any(one.audience is Audience.AUTHORITY and one.late for one in due_notices(case, policy.breach, now))
    if late and not reasons:
        return FormField("Reden van vertraging (verplicht: deze melding is te laat, AVG 33(1))", "", known=False)
    return _field("Reden van vertraging", reasons or "niet van toepassing")


def _nature(facts: Mapping[str, Any], story: Story, pages: Sequence[ReadPage]) -> tuple[FormField, ...]:
    reported = [page.text for page in pages if page.page.part is Part.REPORT]
    touched = [
        word
        for word, names in (
            ("vertrouwelijkheid", ("exfiltration", "published", "recipient", "recipients", "incident", "cc")),
            ("beschikbaarheid", ("availability", "availability_hours", "restore_hours", "only_copy_lost", "backup")),
            ("integriteit", ("altered",)),
        )
        if any(facts.get(name) is not None for name in names)
    ]
    return (
        _field("Samenvatting", story.summary.nl if story.summary else (reported[0] if reported else None)),
        _field("Aard van de inbreuk", series(touched, "nl")),
        _field("Aard van het incident", in_words("incident", facts.get("incident"))),
        _field("Oorzaak", facts.get("cause")),
    )


def _data(case: Case, policy: Policy, judgement: Judgement) -> tuple[FormField, ...]:
    affected = case.affected
    titles = [f.title.nl for p, _ in affected.fields if (f := policy.field(p))] if affected else []
    stated = judgement.facts.get("data")
    words = series(titles or ([str(one) for one in stated] if isinstance(stated, list) else []), "nl")
    special = judgement.facts.get("special_categories")
    return (
        _field("Soorten gegevens", words or (stated if isinstance(stated, str) else None)),
        _field("Bijzondere of strafrechtelijke gegevens", {True: "ja", False: "nee"}.get(special, special)),  # type: ignore[arg-type]
        _field("Aantal records (bij benadering)", affected.records if affected else None),
    )


def _people(case: Case, facts: Mapping[str, Any]) -> tuple[FormField, ...]:
    groups = facts.get("subject_categories")
    affected = case.affected
    number = affected.all_people if affected else facts.get("subjects")
    bound = " (bovengrens)" if affected and affected.estimated else ""
    return (
        _field("Groepen mensen", series([str(one) for one in groups], "nl") if isinstance(groups, list) else groups),
        _field("Aantal mensen", None if number is None else f"{number}{bound}"),
        _field("Kwetsbare mensen", {True: "ja", False: "nee"}.get(facts.get("vulnerable"))),  # type: ignore[arg-type]
    )


def _before(facts: Mapping[str, Any]) -> tuple[FormField, ...]:
    sealed = in_words("encrypted_at_rest", facts.get("encrypted_at_rest", facts.get("encrypted")))
    compromised = facts.get("key_compromised")
    safe = facts.get("key_safe", None if compromised is None else not compromised)
    return (
        _field("Versleuteld, gehasht of anders onbegrijpelijk gemaakt", sealed),
        _field("Is de sleutel veilig", {True: "ja", False: "nee"}.get(safe)),
        _field("Reservekopie", in_words("backup", facts.get("backup", facts.get("other_backup")))),
    )


def _effects(case: Case, policy: Policy, judgement: Judgement, story: Story) -> tuple[FormField, ...]:
    fields = [path for path, _ in case.affected.fields] if case.affected else []
    may = [KINDS[kind].may.nl for kind in kinds_of(policy, fields)] if fields else []
    computed = " ".join(dict.fromkeys(may))
    assessed = case.assessed
    words = {"unlikely": "een risico is niet waarschijnlijk", "risk": "een risico", "high": "een hoog risico"}
    return (
        _field("Mogelijke gevolgen voor mensen", story.consequences.nl if story.consequences else computed),
        _field("Inschatting van de ernst", words[assessed.risk] if assessed else None),
        _field("Redenen", "; ".join(map(in_dutch, judgement.assessment.reasons))),
    )


def _after(case: Case, judgement: Judgement, story: Story, pages: Sequence[ReadPage]) -> tuple[FormField, ...]:
    duties = duties_of(case.assessed)
    sent = [n for n in case.notices if n.audience in {Audience.PEOPLE, Audience.PUBLIC}]
    told = series([f"{moment(n.at, 'nl')} ({n.channel}, {n.count})" for n in sent], "nl")
    exception = case.assessed.exception if case.assessed else ""
    if duties.people is PeopleDuty.NONE:
        whether = f"nee: AVG 34(3)({exception})" if exception else "nee: geen hoog risico"
    else:
        whether = told or "nog niet; dat gebeurt zo snel mogelijk"
    steps = [
        f"{LEVERS[step.lever].nl} ({moment(step.at, 'nl')})" for step in case.steps if step.outcome != "not-needed"
    ]
    notes = [contained_in_words(page.text) for page in pages if page.page.part is Part.CONTAINMENT]
    return (
        _field("Mensen geïnformeerd", whether if case.assessed else None),
        _field("Maatregelen", story.measures.nl if story.measures else "; ".join(notes)),
        _field("Direct gedaan", series(steps, "nl")),
        _field("Grensoverschrijdend", {True: "ja", False: "nee"}.get(judgement.facts.get("cross_border"))),  # type: ignore[arg-type]
    )


def _rest(case: Case, phase: Phase) -> tuple[FormField, ...]:
    open_facts = case.assessed is None or case.assessed.carried_on
    kind = "voorlopig: een aanvulling volgt" if missing_parts(case) or open_facts else "volledig"
    return (_field("Deze melding is", kind), _field("Opmerkingen", f"dit is {_PHASES[phase]}"))
