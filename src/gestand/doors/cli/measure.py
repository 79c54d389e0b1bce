"""``gestand measure``: undertakings that no machine can see, and a look at what a machine can."""

from __future__ import annotations

from typing import Annotated

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.ids import ActorId

app = typer.Typer()


@app.command("list")
def list_measures(org: Org = HERE, as_json: Json = False) -> None:
    """List the measures, who attested each last, and until when that counts."""
    from gestand.system import open_system

    with open_system(org) as house:
        rows = [(measure, house.measures.last(name)) for name, measure in house.measures.declared.items()]
    if as_json:
        emit(
            {
                "measures": [
                    {
                        "id": m.id,
                        "title": {"nl": m.title.nl, "en": m.title.en},
                        "clauses": list(m.clauses),
                        "outcome": last.outcome if last else None,
                        "expires": last.expires.isoformat() if last else None,
                    }
                    for m, last in rows
                ]
            }
        )
        return
    table(
        "Measures",
        ("measure", "what", "attested", "until", "how"),
        [
            (
                m.id,
                m.title.en,
                f"{last.outcome} by {last.owner}" if last else "never",
                str(last.expires) if last else "",
                m.how_to_attest.en,
            )
            for m, last in rows
        ],
    )


@app.command()
def attest(
    measure: Annotated[str, typer.Argument(help="The measure's id.")],
    evidence: Annotated[str, typer.Option("--evidence", help="What you saw, in words; no personal data.")],
    owner: Annotated[str, typer.Option("--owner", help="Who attests it.")] = "owner",
    lacking: Annotated[bool, typer.Option("--lacking", help="You found that it is not in place.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Attest that you saw a measure in place (or, with --lacking, that it is not)."""
    from gestand.system import open_system

    with open_system(org) as house:
        made = house.measures.attest(measure, evidence=evidence, actor=ActorId(owner), in_place=not lacking)
    if as_json:
        emit({"measure": made.measure, "outcome": made.outcome, "expires": made.expires.isoformat()})
    else:
        say(f"{made.measure}: {made.outcome}, attested by {made.owner}; counts until {made.expires}.")


@app.command()
def look(org: Org = HERE, as_json: Json = False) -> None:
    """Look at what stands around the program: the disk, the lines that must be encrypted, the records of the mail domain.

    The lines and the domain are those of [surroundings] and [mail] in gestand.toml. Exit status 1 if something is wrong.
    """
    from gestand.system import open_system

    with open_system(org) as house:
        found = house.surroundings.at_rest()
        looks = house.surroundings.look(actor=ActorId("owner"))
    disk = {
        "seal": str(found.disk.seal),
        "device": found.disk.device,
        "root_key": str(found.key_disk.seal) if found.key_disk is not None else "not on disk",
    }
    if as_json:
        rows = [
            {"kind": one.kind, "subject": one.subject, "seen": one.seen, "faults": list(one.faults)} for one in looks
        ]
        emit({"disk": disk, "looks": rows})
    else:
        seen = [("disk", disk["device"], disk["seal"], f"root key: {disk['root_key']}")]
        seen += [(one.kind, one.subject, one.seen, "; ".join(one.faults) or "no deviation found") for one in looks]
        table("Surroundings", ("what", "which", "seen", "found"), seen)
    if any(one.faults for one in looks):
        raise typer.Exit(1)
