"""What the office calls the parts, steps and outcomes of a breach."""

from __future__ import annotations

from collections.abc import Mapping

from gestand.breach.model import Part
from gestand.statement.policy import Text

RISK: Mapping[str, Text] = {
    "unlikely": Text(nl="risico onwaarschijnlijk", en="risk unlikely"),
    "likely": Text(nl="risico", en="risk"),
    "risk": Text(nl="risico", en="risk"),
    "high": Text(nl="hoog risico", en="high risk"),
}
OUTCOME: Mapping[str, Text] = {
    "done": Text(nl="gedaan door dit programma", en="done by this program"),
    "by-hand": Text(nl="met de hand gedaan", en="done by hand"),
    "not-needed": Text(nl="niet nodig", en="not needed"),
}
PART: Mapping[Part, Text] = {
    Part.REPORT: Text(nl="melding", en="report"),
    Part.AWARENESS: Text(nl="sinds wanneer bekend", en="known since when"),
    Part.FACTS: Text(nl="feiten", en="facts"),
    Part.CONTAINMENT: Text(nl="ingedamd", en="contained"),
    Part.REACH: Text(nl="waar gekeken is", en="where was looked"),
    Part.LIST: Text(nl="lijst van betrokkenen", en="list of people concerned"),
    Part.ASSESSMENT: Text(nl="beoordeling", en="judgement"),
    Part.CONFIRMATION: Text(nl="bevestiging", en="confirmation"),
    Part.CONSEQUENCES: Text(nl="gevolgen", en="consequences"),
    Part.MEASURES: Text(nl="maatregelen", en="measures"),
    Part.SUMMARY: Text(nl="wat er gebeurde", en="what happened"),
    Part.SUBMISSION: Text(nl="melding bij de toezichthouder", en="submission to the authority"),
    Part.NOTICE: Text(nl="bericht", en="notice"),
    Part.CLOSING: Text(nl="afsluiting", en="closing"),
}
WRITTEN: tuple[tuple[Part, Text], ...] = (
    (Part.SUMMARY, Text(nl="Wat is er gebeurd?", en="What happened?")),
    (Part.CONSEQUENCES, Text(nl="Wat kan het betekenen voor mensen?", en="What can it mean for people?")),
    (Part.MEASURES, Text(nl="Wat is gedaan of wordt gedaan?", en="What was done or will be done?")),
)
"""What a person writes in plain words, for the authority and for the people concerned."""
STEPS: Mapping[str, Text] = {
    "contained": Text(nl="eerste hendel overgehaald", en="first lever pulled"),
    "counted": Text(nl="betrokkenen geteld", en="people counted"),
    "assessed": Text(nl="beoordeeld", en="judged"),
    "submitted": Text(nl="formulier ingediend", en="form submitted"),
    "told": Text(nl="mensen ingelicht", en="people told"),
    "closed": Text(nl="afgesloten", en="closed"),
}
"""The steps of a rehearsal."""
