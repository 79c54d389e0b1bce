"""Free words in the facts of a breach, and the kind of data or people they stand for (Dutch and English).

Words only ever raise: what no pattern knows is reported as unread and bars the finding that a risk is unlikely.
"""

from __future__ import annotations

import re
from enum import IntEnum


class Kind(IntEnum):
    """What a category of data can do to a person once it is loose, lowest first."""

    BASIC = 0  # how to reach someone, what they ordered
    PERSONAL = 1  # enough to impersonate or profile: birth date, policy, calls, file of a person
    ARGUABLE = 2  # may say something of Article 9, such as food wishes
    CREDENTIAL = 3
    MONEY = 4  # pay, income, debts
    PAYMENT = 5  # cards, accounts, access to them
    IDENTITY_NUMBER = 6  # national number or identity document
    SPECIAL = 7  # Articles 9 and 10


_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.SPECIAL,
        (
            r"health|medic|diagnos|illness|disease|treatment|therap|patient|addict|disabilit|pregnan|religio|belief|politic|"
            r"trade union|union member|sexual|sex life|biometric|fingerprint|genetic|dna\b|ethnic|\brace\b|racial|criminal|"
            r"convict|offence|gezondheid|medisch|ziek|geloof|godsdienst|politiek|vakbond|seksue|strafrecht|\bras\b"
        ),
    ),
    (
        Kind.IDENTITY_NUMBER,
        (
            r"social security|\bbsn\b|national id|\bid number|identity|\bid[- ]?(?:copy|card|document)|passport|tax number|"
            r"driving licen|driver'?s licen|paspoort|burgerservice|identiteits|rijbewijs"
        ),
    ),
    (
        Kind.PAYMENT,
        (
            r"credit.?card|debit.?card|card (?:number|data)|\bcvv\b|\bpin\b|bank account|account number|account access|\biban\b|"
            r"payment|transaction|creditcard|rekeningnummer|betaal"
        ),
    ),
    (
        Kind.MONEY,
        (
            r"\bwages?\b|salar|income|payroll|pay.?slip|\bdebts?\b|credit (?:score|rating)|loan|benefit|loon|inkomen|schuld|uitkering"
        ),
    ),
    (
        Kind.CREDENTIAL,
        r"passw|credential|login|log-in|access code|\btoken|secret question|\bhash(?:es)?\b|wachtwoord|inlog|toegangscode",
    ),
    (Kind.ARGUABLE, r"food|diet|allerg|intoleran|lactose|meal|gluten|kosher|halal|voedsel|dieet|maaltijd"),
    (
        Kind.PERSONAL,
        (
            r"birth|\bdob\b|\bage\b|vehicle|licen[cs]e plate|registration|mileage|\brates?\b|insurance|policy|signature|photo|"
            r"picture|\bcv\b|resume|application|education|employ|work|marital|civil status|family|children|\bcalls?\b|"
            r"billing|invoice|location|traffic|message|correspondence|e-?mails\b|mail content|content|profile|history|"
            r"study|studies|results?\b|grade|exam|school|complaint|interest|preference|hobby|\bip\b|device|log ?data|\blogs?\b|contract|geboorte|kenteken|verzekering|polis|handtekening|foto|"
            r"burgerlijke staat|factu|locatie|bericht|klacht|purchase"
        ),
    ),
    (
        Kind.BASIC,
        (
            r"name|pseudonym|\balias(?:es)?\b|user.?ids?\b|e-?mail|address|phone|mobile|contact|postcode|zip|city|country|gender|\bsex\b|salutation|title|\bitem|"
            r"price|order|product|size|amount|number|language|company|function|\bdate\b|naam|adres|telefoon|contactgegevens|"
            r"woonplaats|geslacht|bestelling|artikel|prijs|bedrag|nummer|datum"
        ),
    ),
)
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_VULNERABLE = re.compile(
    r"child|minor|pupil|patient|elder|asylum|refugee|jobseeker|addict|disab|victim|client of care|mentally|homeless|"
    r"kind\b|kinderen|minderjarig|leerling|patiënt|oudere|vluchteling|werkzoekend|slachtoffer|cliënt"
)
_NUMBERS = (
    (re.compile(r"\b(?:millions?|miljoen\w*)"), 1_000_000),
    (re.compile(r"\b(?:hundreds? of thousands|tens of thousands)"), 10_000),
    (re.compile(r"\b(?:thousands?|duizend\w*)"), 1_000),
    (re.compile(r"\b(?:hundreds?|honderd\w*)"), 200),
    (re.compile(r"\b(?:a few|several|some|enkele) (?:dozens?|tientallen)|\bdozens\b|\btientallen\b"), 60),
    (re.compile(r"\btwo dozen\b"), 24),
    (re.compile(r"\b(?:a|one) dozen\b|\bdozijn\b"), 12),
    (re.compile(r"\b(?:a few|a handful|several|enkele|handvol)\b"), 9),
    (re.compile(r"\b(?:one|single|één)\b"), 1),
)


def kind_of(words: str, *, arguable: bool = False) -> Kind | None:
    """Return the weightiest kind of data ``words`` names; ``None`` if no pattern knows them.

    ``arguable``: it is stated that whether Article 9 is touched can be argued; then words on food stay that.
    """
    lowered = words.lower().replace("_", " ")
    found = [kind for kind, pattern in _KINDS if pattern.search(lowered)]
    if arguable and Kind.ARGUABLE in found:
        return Kind.ARGUABLE
    return found[0] if found else None


def names_vulnerable(words: str) -> bool:
    """Tell whether ``words`` names people who can look after themselves less well, children first of all."""
    return _VULNERABLE.search(words.lower().replace("_", " ")) is not None


def rough_count(words: str) -> int | None:
    """Return the number of people in words, on the high side (``a few dozen`` is 60); ``None`` if there is none."""
    lowered = words.lower().replace("_", " ")
    digits = re.search(r"[0-9][0-9.,]{0,11}", lowered)
    if digits is not None:
        return int(re.sub(r"[.,]", "", digits[0]))
    return next((number for pattern, number in _NUMBERS if pattern.search(lowered)), None)
