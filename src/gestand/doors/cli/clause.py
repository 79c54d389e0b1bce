"""``gestand clause``: from a sentence to what keeps it."""

from __future__ import annotations

from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import UsageError


def command(
    clause_id: Annotated[str, typer.Argument(metavar="ID", help="The clause, such as C3.")],
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Print one clause: sentence, place, policy notes, controls with module and test, last evidence."""
    from gestand.doors.house import world_of
    from gestand.evidence.breaks import BREAKS
    from gestand.evidence.registry import AWAITED, controls
    from gestand.evidence.rules import dependants
    from gestand.evidence.service import prove
    from gestand.system import open_system

    with open_system(org) as house:
        world = world_of(house)
        run = prove(world, only=clause_id)
        if not run.clauses:
            known = ", ".join(c.id for c in world.statement.texts[0].clauses)
            raise UsageError("clause-unknown", f"the statement has no clause '{clause_id}'", remedy=f"It has {known}.")
        [result] = run.clauses
        text = world.statement.texts[0]
    registry = controls()
    document = {
        "id": clause_id,
        "sentence": {t.language: found.text for t in world.statement.texts if (found := t.clause(clause_id))},
        "place": f"{text.file}:{result.clause.line}",
        "verdict": str(result.finding),
        "note": {"nl": result.note.nl, "en": result.note.en} if result.note else None,
        "controls": [
            {
                "id": c.id,
                "title": {"nl": registry[c.id].title.nl, "en": registry[c.id].title.en} if c.id in registry else None,
                "looks_at": {"nl": registry[c.id].looks_at.nl, "en": registry[c.id].looks_at.en}
                if c.id in registry
                else None,
                "module": registry[c.id].module if c.id in registry else f"awaits the room '{AWAITED.get(c.id, '?')}'",
                "test": "tests/evidence/test_breaks.py" if c.id in registry else None,
                "broken_also_breaks": sorted(dependants(c.id, registry) - {c.id}) if c.id in registry else [],
                "would_break": BREAKS[c.id].how if c.id in BREAKS else "",
                "verdict": str(c.verdict.finding),
                "proof": c.proof,
                "why": {"nl": c.verdict.why.nl, "en": c.verdict.why.en},
                "figures": dict(c.verdict.figures),
                "evidence": list(c.verdict.evidence),
            }
            for c in result.controls
        ],
    }
    if as_json:
        emit(document)
        return
    say(f"{clause_id}  {result.clause.text}")
    say(f"    stands in   {document['place']}")
    say(f"    verdict     {result.finding}")
    if result.note:
        say(f"    note        {result.note.en}")
    for control in result.controls:
        known_control = registry.get(control.id)
        say(f"    control     {control.id}: {control.verdict.finding} ({control.proof})")
        if known_control:
            say(f"                looks at {known_control.looks_at.en}; {known_control.module}")
            say(
                f"                would break: {BREAKS[control.id].how}"
                if control.id in BREAKS
                else "                would break: -"
            )
            say("                shown by tests/evidence/test_breaks.py")
        say(f"                {control.verdict.why.en}")
        figures = ", ".join(f"{name} {value}" for name, value in control.verdict.figures.items())
        say(f"                {figures}" if figures else "                no figures")
        for line in control.verdict.evidence:
            say(f"                evidence: {line}")
