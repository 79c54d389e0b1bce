"""Controls of the statement itself: current, kept, compiled, and the law behind it reviewed."""

from __future__ import annotations

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, InputError
from gestand.law.periods import Period, Unit, add
from gestand.publication.folder import read_statement
from gestand.statement.policy import LawfulBasis, Text

REVIEW = Period(12, Unit.MONTHS)


def statement_current(world: World) -> Verdict:
    """The version in force is the last published one, byte for byte as the ledger recorded it."""
    recorded = {
        str(e.event.facts["version"]): str(e.event.facts["digest"]) for e in entries(world, "statement.published")
    }
    statement = world.publication.in_force(local_date(world.clock()))
    faults = []
    if recorded.get(statement.version) != statement.digest:
        faults.append(f"version {statement.version} is not what the ledger says was published")
    return judged(
        faults,
        1,
        kept=Text(nl="De geldende verklaring is de gepubliceerde.", en="The statement in force is the published one."),
        broken=Text(
            nl="De geldende verklaring is veranderd zonder publicatie.",
            en="The statement in force was changed unpublished.",
        ),
        figures={"version": statement.version, "digest": statement.digest},
    )


def history_kept(world: World) -> Verdict:
    """Every version ever published can still be read, unchanged."""
    faults: list[str] = []
    seen = 0
    for entry in entries(world, "statement.published"):
        seen += 1
        version = str(entry.event.facts["version"])
        try:
            statement = world.publication.version(version)
        except GestandError as error:
            faults.append(f"version {version}: {error.message}")
            continue
        if statement is None:
            faults.append(f"version {version} is gone")
        elif statement.digest != entry.event.facts["digest"]:
            faults.append(f"version {version} is no longer what was published")
    return judged(
        faults,
        seen,
        kept=Text(nl="Elke eerdere versie is nog te lezen.", en="Every earlier version can still be read."),
        broken=Text(nl="Een eerdere versie is weg of veranderd.", en="An earlier version is gone or changed."),
    )


def read_as_published(world: World) -> Verdict:
    """The page a visitor reads carries every clause of the version in force, word for word."""
    from gestand.evidence.reading import visible_text

    faults: list[str] = []
    seen = 0
    for text in world.statement.texts:
        page = world.visit(f"/{text.language}/")
        words = visible_text(page.body) if page.status == 200 else ""
        for clause in text.clauses:
            seen += 1
            if " ".join(clause.text.split()) not in words:
                faults.append(f"{page.path}: clause {clause.id} does not stand on the page as published")
    return judged(
        faults,
        seen,
        kept=Text(nl="De website toont de geldende tekst.", en="The site shows the text in force."),
        broken=Text(nl="De website toont een andere tekst.", en="The site shows another text."),
    )


def working_copy_same(world: World) -> str | None:
    """Return what differs where the working files carry the published version's number but other contents."""
    try:
        working = read_statement(world.folder)
    except InputError as error:
        return str(error)
    if working.version == world.statement.version and working.digest != world.statement.digest:
        return f"the files say version {working.version}, but they are not what was published as {working.version}"
    return None


def bases_declared(world: World) -> Verdict:
    """Every purpose in force has a basis with its ground; a legitimate interest has its balancing test."""
    faults: list[str] = []
    for name, purpose in world.policy.purposes.items():
        if purpose.basis is LawfulBasis.LEGITIMATE_INTERESTS and purpose.balancing is None:
            faults.append(f"purpose '{name}' rests on a legitimate interest without a balancing test")
        if purpose.basis is LawfulBasis.CONSENT and purpose.consent_text is None:
            faults.append(f"purpose '{name}' rests on consent without the text people agree to")
    drift = working_copy_same(world)
    if drift:
        faults.append(drift)
    return judged(
        faults,
        len(world.policy.purposes),
        kept=Text(nl="Elk doel heeft zijn grondslag.", en="Every purpose has its lawful basis."),
        broken=Text(nl="Een doel mist zijn grondslag.", en="A purpose lacks its lawful basis."),
    )


def law_reviewed(world: World) -> Verdict:
    """A person read the law's rules against their sources within the last twelve months."""
    today = local_date(world.clock())
    until = add(world.law_reviewed, REVIEW)
    faults = [f"last reviewed on {world.law_reviewed}, that counts until {until}"] if today > until else []
    return judged(
        faults,
        1,
        kept=Text(nl="De regels van de wet zijn dit jaar nagelezen.", en="The rules of law were reviewed this year."),
        broken=Text(
            nl="De regels van de wet zijn te lang niet nagelezen.", en="The rules of law were not reviewed in time."
        ),
        figures={"reviewed": world.law_reviewed.isoformat(), "counts_until": until.isoformat()},
    )


CONTROLS = (
    Control(
        "statement-current",
        Text(nl="De geldende verklaring is de gepubliceerde", en="The statement in force is the published one"),
        Text(nl="de gepubliceerde bestanden naast het logboek", en="the published files beside the ledger"),
        "measured",
        statement_current,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "statement-history-kept",
        Text(nl="Eerdere versies blijven leesbaar", en="Earlier versions stay readable"),
        Text(nl="elke gepubliceerde versie", en="every published version"),
        "measured",
        history_kept,
        __name__,
        ("ledger-intact", "statement-current"),
    ),
    Control(
        "statement-read-as-published",
        Text(nl="De website toont de geldende tekst", en="The site shows the text in force"),
        Text(nl="de pagina zoals een bezoeker haar krijgt", en="the page as a visitor gets it"),
        "measured",
        read_as_published,
        __name__,
        ("statement-current",),
    ),
    Control(
        "bases-declared",
        Text(nl="Elk doel heeft een grondslag", en="Every purpose has a lawful basis"),
        Text(nl="het beleid dat geldt, en de werkbestanden", en="the policy in force, and the working files"),
        "measured",
        bases_declared,
        __name__,
    ),
    Control(
        "law-profile-reviewed",
        Text(nl="De wet is nagelezen", en="The law was reviewed"),
        Text(nl="de datum van de laatste lezing", en="the date of the last review"),
        "measured",
        law_reviewed,
        __name__,
    ),
)
