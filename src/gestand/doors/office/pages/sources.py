"""Other systems that hold copies: what is declared, whether each answers, and a draft of a new one to look over.

A source is declared in a file of the organisation, never typed in here: whoever changes what may be read or erased elsewhere
does so where changes are reviewed. A draft is shown, judged and handed over as a file.
"""

from __future__ import annotations

from gestand.doors.dutch.telling import Said, problem_in
from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.kernel.errors import GestandError, InputError, Problem, UsageError
from gestand.sources.load import FOLDER, read_source
from gestand.sources.presets import preset_of, presets
from gestand.sources.proposing import draft
from gestand.statement.policy import Text

KIND = {
    "sql": Text(nl="database", en="database"),
    "imap": Text(nl="mailbox", en="mailbox"),
    "files": Text(nl="map met bestanden", en="folder of files"),
    "http": Text(nl="dienst op het web", en="service on the web"),
    "python": Text(nl="eigen koppeling", en="connector of one's own"),
}
OWN = Text(nl="van dit programma", en="of this program")


def sources(visit: Visit) -> Answer:
    """List what is declared; nothing is connected to."""
    return _listed(visit)


def test(visit: Visit) -> Answer:
    """Connect to each source (or one) and compare what is declared with what is there; count what it holds."""
    service = visit.house.sources
    names = [visit.form["source"]] if visit.form.get("source") else list(service.names())
    problems = {name: _tested(visit, name) for name in names}
    counts = {name: service.one(name).count() for name, found in problems.items() if not found}
    said = {name: [problem_in(one, visit.language) for one in found] for name, found in problems.items()}
    return _listed(visit, problems=said, counts=counts)


def _tested(visit: Visit, name: str) -> tuple[Problem, ...]:
    try:
        return visit.house.sources.test([name])
    except InputError as fault:
        return fault.problems
    except GestandError as fault:
        return (Problem(f"{FOLDER}/{name}.toml", 0, fault.code, fault.message, fault.remedy),)


def _listed(visit: Visit, **values: object) -> Answer:
    service = visit.house.sources
    kinds = {str(file.name): KIND[file.declared.kind] for file in service.files()}
    return visit.page(
        "sources.html", titles=service.titles(), kinds=kinds, own=OWN, presets=presets("nl" if visit.language == "nl" else "en"),
        **{"problems": {}, "counts": {}, **values},
    )  # fmt: skip


def preset(visit: Visit) -> Answer:
    """Show a mapping for a known system, to look over."""
    name = visit.query.get("preset", "")
    return _shown(visit, name, preset_of(name)) if name else visit.go("sources")


def propose(visit: Visit) -> Answer:
    """Read the live schema of a database, and show the mapping it proposes; rows are sampled to guess kinds, none is shown."""
    text = {key: visit.form.get(key, "").strip() for key in ("dsn", "path", "schema", "person")}
    made = draft(
        visit.field("name"), visit.house.sources.place(), dsn=text["dsn"], path=text["path"], schema=text["schema"],
        person=text["person"], near="near" in visit.form,
    )  # fmt: skip
    return _shown(visit, visit.field("name"), made)


def judge(visit: Visit) -> Answer:
    """Judge a draft as it is typed; nothing is written."""
    name, content = _typed(visit)
    return visit.page("source_judged.html", visit.say("Oordeel", "Judgement"), problems=_judged(visit, name, content))


def hand_over(visit: Visit) -> Answer:
    """Give the draft as a file, to be put in the organisation's folder by whoever may."""
    name, content = _typed(visit)
    return visit.file(content.encode(), f"{name}.toml", "application/toml")


def _shown(visit: Visit, name: str, content: str) -> Answer:
    return visit.page(
        "source_draft.html", visit.say("Ontwerp van een bron", "Draft of a source"), name=name, content=content,
        problems=_judged(visit, name, content),
    )  # fmt: skip


def _typed(visit: Visit) -> tuple[str, str]:
    name, content = visit.field("name"), visit.form.get("content", "").replace("\r\n", "\n")
    if not name.replace("-", "").isalnum() or not name.isascii():
        raise UsageError(
            "source-name",
            f"'{name}' cannot be the name of a source",
            remedy="Use lower-case letters, digits and hyphens.",
        )
    return name, content


def _judged(visit: Visit, name: str, content: str) -> tuple[Said, ...]:
    try:
        read_source(name, content.encode(), f"{FOLDER}/{name}.toml", visit.policy)
    except InputError as fault:
        return tuple(problem_in(one, visit.language) for one in fault.problems)
    return ()


PAGE = Page(
    "sources",
    Text(nl="Andere systemen", en="Other systems"),
    (
        Route("sources", "GET", "staff", NONE, sources),
        Route("sources/test", "POST", "staff", NONE, test),
        Route("sources/preset", "GET", "keeper", NONE, preset),
        Route("sources/propose", "POST", "keeper", NONE, propose, fresh=True),
        Route("sources/judge", "POST", "keeper", NONE, judge),
        Route("sources/file", "POST", "keeper", NONE, hand_over),
    ),
    group="promise",
)
