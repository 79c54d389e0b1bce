"""The register of Article 33(5): every breach with its facts, effects, remedial action and the reasons, notified or not.

A rehearsal is never in it; an incident without personal data is, marked as no breach, until it is closed and expires.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gestand.breach.desk import Desk
from gestand.breach.duties import duties_of
from gestand.breach.facts import Judgement
from gestand.breach.letters import Story, story_of
from gestand.breach.model import Breach, Case, Part, ReadPage, Reporter
from gestand.breach.notices import Audience
from gestand.breach.questions import ROLES, in_words, stated
from gestand.breach.rules import due_notices, recorded, register_lacks
from gestand.breach.words import LEVERS, OUTCOMES, series
from gestand.kernel.clock import AMSTERDAM
from gestand.kernel.ids import ActorId
from gestand.law.breach_notice import PARTS
from gestand.law.breach_people import PeopleDuty
from gestand.law.dutch import in_dutch
from gestand.statement.policy import Policy

Entry = Mapping[str, str]
"""One line of the register: column name to text. Every line has every column."""

COLUMNS: tuple[tuple[str, str], ...] = (
    ("id", "nummer"),
    ("role", "rol"),
    ("started_ended", "begin en einde"),
    ("first_signal", "eerste signaal, en van wie"),
    ("aware", "bekend sinds, en waarom toen"),
    ("facts", "feiten"),
    ("type", "soort inbreuk"),
    ("people", "groepen en aantal mensen"),
    ("records", "soorten en aantal gegevens"),
    ("sensitive", "bijzondere of gevoelige gegevens"),
    ("safeguards", "beveiliging vooraf"),
    ("effects", "gevolgen"),
    ("assessment", "beoordeling en redenen"),
    ("authority", "wel of niet gemeld bij de toezichthouder, en waarom"),
    ("submissions", "meldingen: nummer, tijd, fase, vertraging"),
    ("people_told", "wel of niet verteld aan mensen, wanneer en hoe"),
    ("remedial_action", "maatregelen: wie en wanneer"),
    ("others_told", "opdrachtgevers en anderen"),
    ("closed", "geleerd, afgesloten en door wie"),
)
"""The columns of a register entry (Article 33(5), and what shows that Articles 33 and 34 were kept)."""
REPORTERS = {Reporter.STAFF: "medewerker", Reporter.PROCESSOR: "verwerker", Reporter.OUTSIDER: "iemand van buiten"}
RISKS = {"unlikely": "een risico is niet waarschijnlijk", "risk": "een risico", "high": "een hoog risico"}
TOLD = {
    PeopleDuty.NONE: "nee: geen hoog risico, of een ander vertelt het",
    PeopleDuty.EACH: "ja: ieder persoonlijk",
    PeopleDuty.PUBLIC: "ja: openbare mededeling",
}
ELSEWHERE = frozenset({"aware", "notified"})
"""Facts that have a column of their own."""
NAMES = {
    "data": "gegevens", "subjects": "aantal mensen", "subject_categories": "groepen mensen", "started": "begin",
    "ended": "einde", "encrypted": "versleuteld", "password": "wachtwoord", "key_compromised": "de sleutel is uitgelekt",
    "national_id": "nummer of bewijs van identiteit", "financial": "financiële gegevens", "credentials": "inloggegevens",
    "cause": "oorzaak", "processor": "verwerker", "cross_border": "over de grens",
}  # fmt: skip
"""Facts that nobody is asked for as a question, and what the register calls them."""
OF_OTHERS = "wij verwerken in opdracht; wie verantwoordelijk is, meldt het zelf (AVG 33(2))"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of the register, and the parts of Article 33(5) that it still lacks."""

    entry: Entry
    lacks: tuple[str, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return what it lacks as the questions that are open."""
        asked = {part.name: part.nl for part in PARTS["register"]}
        return tuple(asked[name] for name in self.lacks)


def register(desk: Desk, actor: ActorId) -> tuple[RegisterLine, ...]:
    """Return the register; each file is opened for it, and that is in the ledger."""
    from gestand.breach.assessing import judgement

    found: list[RegisterLine] = []
    for breach in desk.store.all():
        if not recorded(breach):
            continue
        case = desk.store.case(breach)
        pages = desk.read(breach, actor=actor)
        law = judgement(desk, breach, actor)
        entry = line_of(case, pages, law, story_of(pages), desk.policy, desk.clock())
        found.append(RegisterLine(entry, register_lacks(case)))
    return tuple(found)


def line_of(  # noqa: PLR0917 - what a line is made of
    case: Case, pages: Sequence[ReadPage], law: Judgement, story: Story, policy: Policy, now: datetime
) -> dict[str, str]:
    """Return one line. What is not known says so."""
    breach, affected, facts = case.breach, case.affected, law.facts
    duties = duties_of(case.assessed)
    notices = {one.audience: one for one in due_notices(case, policy.breach, now)}
    texts = {part: [page.text for page in pages if page.page.part is part] for part in Part}
    titles = [f.title.nl for p, _ in affected.fields if (f := policy.field(p))] if affected else []
    reasons = "; ".join(map(in_dutch, law.assessment.reasons))
    decided = reasons if case.assessed is None or case.assessed.ours else OF_OTHERS
    severity = law.scoring.severity if law.scoring else None
    scored = f" (ENISA {severity.score:g}, {severity.band})" if severity else ""
    confirmed = "; ".join(texts[Part.CONFIRMATION])
    told = [n for n in case.notices if n.audience in {Audience.PEOPLE, Audience.PUBLIC}]
    others = [n for n in case.notices if n.audience is Audience.CONTROLLER]
    people = notices.get(Audience.PEOPLE) or notices.get(Audience.PUBLIC)
    line = {
        "id": breach.id,
        "role": ROLES[law.assessment.role].nl,
        "started_ended": series([str(facts[n]) for n in ("started", "ended") if n in facts], "nl"),
        "first_signal": f"{_at(min(breach.reported_at, breach.aware_at or breach.reported_at))}, {REPORTERS[breach.reporter]}",
        "aware": _aware(breach, texts[Part.AWARENESS]),
        "facts": "\n".join([*texts[Part.REPORT][:1], story.summary.nl if story.summary else "", _said(facts)]).strip(),
        "type": in_words("incident", facts.get("incident")) or "",
        "people": _people(case, facts),
        "records": f"{affected.records}: {series(titles, 'nl')}" if affected else _said_of(facts, "data"),
        "sensitive": _said_of(facts, "special_categories", "national_id", "financial", "credentials"),
        "safeguards": _said_of(facts, "encrypted_at_rest", "encrypted", "key_safe", "key_compromised", "password", "backup"),
        "effects": story.consequences.nl if story.consequences else "",
        "assessment": f"{RISKS[case.assessed.risk] if case.assessed else 'nog niet beoordeeld; op wat nu bekend is'}{scored}: {reasons}",
        "authority": ("ja" if duties.authority else "nee") + f": {decided}" + (f" — bevestigd: {confirmed}" if confirmed else ""),
        "submissions": "\n".join(
            f"{s.reference}, {_at(s.submitted_at)}, {s.phase}" + (", te laat met redenen" if s.reasons_for_delay else "")
            for s in case.submissions
        ),
        "people_told": (TOLD[duties.people] if case.assessed else "nog niet beoordeeld")
        + (f" (34(3)({case.assessed.exception}))" if case.assessed and case.assessed.exception else "")
        + "".join(f"\n{_at(n.at)}, {n.channel}, {n.count}" for n in told)
        + (f"\nuiterlijk {_at(people.due)}{', te laat' if people.late else ''}" if people and (people.owed or people.late) else ""),
        "remedial_action": "\n".join(
            [*(f"{_at(s.at)} {s.actor}: {LEVERS[s.lever].nl} ({OUTCOMES[s.outcome]})" for s in case.steps), story.measures.nl if story.measures else ""]
        ).strip(),
        "others_told": "\n".join(f"{_at(n.at)}, {n.channel}" for n in others),
        "closed": " — ".join([_at(breach.closed_at), breach.closed_by, *texts[Part.CLOSING][-1:]]) if breach.closed_at else "",
    }  # fmt: skip
    assert tuple(line) == tuple(name for name, _ in COLUMNS)
    return line


def _aware(breach: Breach, reasons: Sequence[str]) -> str:
    """Return since when it is known and why then; where an earlier moment was stated too, that one, for it counts."""
    if breach.aware_at is None:
        return ""
    earlier = (
        f"eerder vastgesteld, en dat telt: {_at(breach.counted_from)}" if breach.counted_from < breach.aware_at else ""
    )
    return " — ".join(one for one in (_at(breach.aware_at), *reasons[-1:], earlier) if one)


def _people(case: Case, facts: Mapping[str, Any]) -> str:
    groups = facts.get("subject_categories")
    words = series([str(one) for one in groups], "nl") if isinstance(groups, list) else str(groups or "")
    number = case.affected.all_people if case.affected else facts.get("subjects")
    return ", ".join(part for part in (words, "" if number is None else str(number)) if part)


def _said(facts: Mapping[str, Any]) -> str:
    return ", ".join(
        stated(name, value) or f"{NAMES.get(name, name)}: {_value(value)}"
        for name, value in sorted(facts.items())
        if name not in ELSEWHERE
    )


def _said_of(facts: Mapping[str, Any], *names: str) -> str:
    return _said({name: facts[name] for name in names if name in facts})


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return series([str(one) for one in value], "nl")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _at(at: datetime | None) -> str:
    return at.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M") if at else ""


def as_json(lines: Sequence[RegisterLine], controller: str, made_at: datetime) -> dict[str, Any]:
    """Return the register as one JSON document."""
    return {
        "register": "GDPR 33(5)",
        "controller": controller,
        "made_at": made_at.isoformat(),
        "columns": dict(COLUMNS),
        "entries": [{**line.entry, "lacks": list(line.lacks)} for line in lines],
    }


def as_xlsx(lines: Sequence[RegisterLine]) -> bytes:
    """Return the register as a workbook. Nothing in it is a formula, whatever anyone wrote in a report."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("datalekken")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(COLUMNS), 28)
        for column, (_, title) in enumerate((*COLUMNS, ("lacks", "ontbreekt nog"))):
            sheet.write_string(0, column, title, head)
        for row, line in enumerate(lines, 1):
            for column, (name, _) in enumerate(COLUMNS):
                sheet.write_string(row, column, line.entry[name], cell)
            sheet.write_string(row, len(COLUMNS), " ".join(line.lacking), cell)
    return stream.getvalue()
