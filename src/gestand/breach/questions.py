"""What is asked about a breach: the facts that decide most, each with its answers in words; the form says them in these words too."""

from __future__ import annotations

from dataclasses import dataclass

from gestand.law.breach_facts import Role
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
ROLES: dict[Role, Text] = {
    Role.CONTROLLER: Text(nl="verwerkingsverantwoordelijke", en="controller"),
    Role.PROCESSOR: Text(nl="verwerker", en="processor"),
    Role.SUB_PROCESSOR: Text(nl="subverwerker", en="sub-processor"),
    Role.BOTH: Text(nl="verwerkingsverantwoordelijke en verwerker", en="controller and processor"),
}
_ASKED = {question.fact: question.asks for question in QUESTIONS}
_ANSWERS = {(question.fact, value): words for question in QUESTIONS for value, words in question.answers}


def in_words(fact: str, value: object) -> str | None:
    """Return a stated fact in Dutch words: those of its answer if it is one of them, else as it was stated; None if it was not."""
    if value is None:
        return None
    words = _answer(fact, value)
    return words.nl if words else str(value)


def stated(fact: str, value: object) -> str | None:
    """Return a question with its answer in Dutch words; None if the fact is none of the questions, or that no answer to it."""
    words = _answer(fact, value)
    return f"{_ASKED[fact].nl} {words.nl}" if words else None


def _answer(fact: str, value: object) -> Text | None:
    return _ANSWERS.get((fact, str(value).lower() if isinstance(value, bool) else str(value)))
