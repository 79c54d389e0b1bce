"""docs/STATEMENT.md, from the proof of the worked example: ``python scripts/statement_page.py`` writes it anew.

Each of the 62 clauses of 2018 with the sentence that was published, what was found against that text, the clause of the version
in force that stands in its place, its verdict, and the controls that made it. ``--check`` writes nothing and ends with 1 if the
page is no longer what happens.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import picture

from gestand.doors.cli.demo import FIRST_STATEMENT
from gestand.doors.demonstration.place import Place
from gestand.doors.house import world_of
from gestand.evidence.model import ClauseFinding, ClauseResult, ControlResult, ProofRun
from gestand.evidence.registry import controls
from gestand.evidence.rules import judge_clause
from gestand.evidence.service import prove, run_all
from gestand.statement.model import Clause

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "STATEMENT.md"
NOTES = ROOT / "docs" / "statement-notes.md"
OLD = "2018-05-25"
_NOTE = re.compile(
    r"^\| (?P<id>C\d+) \| (?P<verdict>\w+) \| (?P<words>\w+) \| (?P<why>.+?) \| (?P<law>.+?) \| (?P<now>.+?) \|$",
    re.MULTILINE,
)
_HEAD = """\
# The statement, clause by clause

![A dozen of these sentences, before and after a broken promise is mended](picture.svg)

Made by `make docs` from a run of `gestand demo`; a test fails when it is no longer what happens. The organisation is a worked example
with invented customers, around the statement that a Dutch firm published on 25 May 2018. It is not affiliated with that firm and says
nothing about it; the observations are no legal advice ([notes](statement-notes.md)).

- **Text of 2018**: the sentence as it was published. **Against it**: *kept*: the controls that this sentence names found no deviation
  in the demonstration. *unproven*: nothing that happens can show it. *mended*: as written it could not be kept lawfully or exactly, and
  the version in force says it otherwise, for the reason given. *withdrawn*: it has no successor in its place. *informative*: nothing to keep.
- **In force**: the clause of version {version} that stands in its place. **Verdict**: what `gestand prove` finds today. *measured*: by
  looking at what happened. *attested*: a person looked, and signed until a date.

{counts}

| | Text of 2018 | Against it | In force | Verdict | Kept by |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Note:
    """A row of docs/statement-notes.md: what was observed of a clause of 2018."""

    id: str
    verdict: str
    words: str
    why: str
    law: str
    now: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The clauses of 2018, what the controls that they name found, and the run over the version in force."""

    clauses: Mapping[str, Clause]
    results: Mapping[str, ControlResult]
    run: ProofRun


def notes() -> dict[str, Note]:
    """Return the observations by clause."""
    return {found["id"]: Note(**found.groupdict()) for found in _NOTE.finditer(NOTES.read_text("utf-8"))}


def judged(place: Place, run: ProofRun | None = None) -> Judged:
    """Prove the version in force at ``place`` and run what the clauses of 2018 name over the same facts."""
    world = world_of(place.open())
    old = world.publication.version(OLD)
    assert old is not None, "the worked example has lost its first version"
    clauses = {clause.id: clause for clause in old.text("nl").clauses}
    named = {name for clause in clauses.values() for name in (*clause.kept_by, *clause.awaits)}
    return Judged(clauses, run_all(world, sorted(named)), run or prove(world))


def against(clause: Clause, note: Note, results: Mapping[str, ControlResult]) -> str:
    """Return what is found against the text of 2018."""
    if note.verdict != "sound":
        return f"**{note.verdict}**"
    own = [results[name] for name in (*clause.kept_by, *clause.awaits)]
    return f"**{judge_clause(own, None)}**"


def row(clause: Clause, note: Note, seen: Judged, now: ClauseResult) -> str:
    """Return the row of a clause."""
    reason = "" if note.why == "–" else f": {note.why}"
    law = "" if note.law == "–" else f" ({note.law})"
    if note.words == "gone":
        said = f"*gone.* {note.now}"
    elif " ".join(now.clause.text.split()) == " ".join(clause.text.split()):
        said = f"{now.clause.id}, the same words."
    else:
        said = f"{now.clause.id}: {cell(now.clause.text)} *{note.now}*"
    cells = (
        clause.id,
        cell(clause.text),
        against(clause, note, seen.results) + reason + law,
        said,
        f"**{now.finding}**",
        "<br>".join(by(one) for one in now.controls) or "–",
    )
    return "| " + " | ".join(cells) + " |"


def by(result: ControlResult) -> str:
    """Return a control with how it knows, and what it says if it is not kept."""
    why = "" if result.verdict.finding == "kept" else f": {cell(result.verdict.why.en)}"
    built = controls().get(result.id)
    return f"`{result.id}` ({result.proof if built else 'awaited'}){why}"


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def written(seen: Judged) -> str:
    """Return the page."""
    told = notes()
    now = {result.clause.id: result for result in seen.run.clauses}
    then = [against(seen.clauses[name], told[name], seen.results).strip("*") for name in FIRST_STATEMENT]
    of_2018 = ", ".join(
        f"{then.count(word)} {word}" for word in ("kept", "unproven", "broken", "mended", "withdrawn", "informative")
    )
    counts = (
        f"{len(FIRST_STATEMENT)} clauses against the text of 2018: {of_2018}.\n"
        f"{len(FIRST_STATEMENT)} clauses as they are in force: {picture.counts(seen.run)}."
    )
    rows = [row(seen.clauses[name], told[name], seen, now[name]) for name in FIRST_STATEMENT]
    added = [result for result in seen.run.clauses if result.clause.id not in FIRST_STATEMENT]
    more = ", ".join(f"{sum(r.finding is f for r in added)} {f}" for f in ClauseFinding)
    return (
        _HEAD.format(version=seen.run.version, counts=counts)
        + "\n".join(rows)
        + f"\n\nThe version in force has {len(added)} clauses more, which say what the law asks and the text of 2018 did not have: {more}.\n"
        + "`gestand demo --keep FOLDER` and then `gestand prove --org FOLDER` show them all.\n"
    )


def main(argv: Sequence[str]) -> int:
    """Write, or compare."""
    with picture.lived() as place:
        fresh = written(judged(place))
    if "--check" in argv:
        same = PAGE.is_file() and PAGE.read_text("utf-8") == fresh
        if not same:
            print("docs/STATEMENT.md is no longer what happens: run python scripts/statement_page.py, and read it")
        return 0 if same else 1
    PAGE.write_text(fresh, "utf-8")
    print(f"{PAGE.name} is written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
