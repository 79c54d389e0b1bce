"""What the office asks about a breach: the facts that decide most, each with its answers; and what it calls the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gestand.breach.model import Part
from gestand.statement.policy import Text


@dataclass(frozen=True, slots=True)
class Question:
    """A fact of ``law.breach`` as staff are asked for it; ``answers``: its values with their words."""

    fact: str
    asks: Text
    answers: tuple[tuple[str, Text], ...]


_YES_NO = (("true", Text(nl="ja", en="yes")), ("false", Text(nl="nee", en="no")))
QUESTIONS: tuple[Question, ...] = (
    Question(
        "incident",
        Text(nl="Wat is er gebeurd?", en="What happened?"),
        (
            ("wrong_recipients", Text(nl="naar de verkeerde persoon gestuurd", en="sent to the wrong person")),
            ("wrong_attachment", Text(nl="verkeerde bijlage", en="wrong attachment")),
            ("lost_device", Text(nl="apparaat of stick kwijt", en="device or stick lost")),
            ("theft_device", Text(nl="apparaat gestolen", en="device stolen")),
            ("lost_paper", Text(nl="papier kwijt", en="paper lost")),
            ("theft_paper", Text(nl="papier gestolen", en="paper stolen")),
            ("phishing", Text(nl="phishing of misleiding", en="phishing or deception")),
            ("hack", Text(nl="inbraak in een systeem", en="a system was broken into")),
            ("ransomware", Text(nl="gijzelsoftware", en="ransomware")),
            ("ransomware+exfiltration", Text(nl="gijzelsoftware, en gegevens meegenomen", en="ransomware, and data taken")),
            ("insider_copy", Text(nl="iemand van binnen nam gegevens mee", en="somebody inside took data along")),
            ("outage", Text(nl="gegevens waren niet bereikbaar", en="data could not be reached")),
        ),
    ),
    Question("personal_data", Text(nl="Gaat het om persoonsgegevens?", en="Are personal data concerned?"), _YES_NO),
    Question(
        "exfiltration",
        Text(nl="Zijn gegevens meegenomen of gezien?", en="Were data taken or seen?"),
        (
            ("confirmed", Text(nl="ja, dat staat vast", en="yes, that is certain")),
            ("possible", Text(nl="misschien", en="perhaps")),
            ("excluded", Text(nl="nee, dat is uitgesloten", en="no, that is excluded")),
        ),
    ),
    Question(
        "encrypted_at_rest",
        Text(nl="Waren de gegevens versleuteld?", en="Were the data encrypted?"),
        (
            ("no", Text(nl="nee", en="no")),
            ("weak", Text(nl="ja, maar zwak", en="yes, but weakly")),
            ("yes", Text(nl="ja", en="yes")),
            ("state_of_the_art", Text(nl="ja, naar de stand van de techniek", en="yes, state of the art")),
        ),
    ),
    Question("key_safe", Text(nl="Is de sleutel veilig gebleven?", en="Did the key stay safe?"), _YES_NO),
    Question(
        "recipient",
        Text(nl="Bij wie kwamen de gegevens terecht?", en="With whom did the data end up?"),
        (
            ("known_trusted_bound_by_secrecy", Text(nl="iemand met geheimhouding", en="somebody bound by secrecy")),
            ("known", Text(nl="iemand die bekend is", en="somebody known")),
            ("former employee", Text(nl="een oud-medewerker", en="a former member of staff")),
            ("impostor", Text(nl="een oplichter", en="an impostor")),
            ("unknown", Text(nl="dat is onbekend", en="that is unknown")),
        ),
    ),
    Question(
        "recipient_confirmed_deletion",
        Text(nl="Bevestigde die dat alles weg is?", en="Did they confirm that all is deleted?"),
        (
            ("in writing", Text(nl="ja, schriftelijk", en="yes, in writing")),
            ("oral", Text(nl="alleen mondeling", en="by word of mouth only")),
            ("no", Text(nl="nee", en="no")),
        ),
    ),
    Question("published", Text(nl="Staan de gegevens ergens openbaar?", en="Do the data stand in public anywhere?"), _YES_NO),
    Question(
        "special_categories",
        Text(nl="Zijn er bijzondere gegevens bij (gezondheid, geloof)?", en="Are special data among them (health, belief)?"),
        _YES_NO,
    ),
    Question(
        "vulnerable", Text(nl="Gaat het om kwetsbare mensen of kinderen?", en="Are vulnerable people or children concerned?"), _YES_NO
    ),
    Question(
        "backup",
        Text(nl="Zijn de gegevens terug te zetten?", en="Can the data be restored?"),
        (
            ("available", Text(nl="ja, uit een reservekopie", en="yes, from a backup")),
            ("no_electronic_backup_paper_only", Text(nl="alleen van papier", en="from paper alone")),
            ("also_encrypted", Text(nl="nee, de kopie is ook geraakt", en="no, the backup was hit too")),
            ("none", Text(nl="nee, er is geen kopie", en="no, there is no backup")),
        ),
    ),
)  # fmt: skip
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
