"""Invented customers, the same for the same number, and the policy of the invented firm that keeps them.

Nobody: names are drawn from lists, addresses end in example.nl and example.org (RFC 2606), numbers are made to pass
their check digits. ``row(n)`` is a pure function of n.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Any

from gestand.statement.model import Clause, Statement, StatementText
from gestand.statement.policy import Policy

HEADER = ("Naam", "Adres", "Postcode", "Plaats", "Telefoon", "Mobiel", "E-mailadres", "IBAN", "BTW-id", "Opmerking")

_FIRST = [
    "Anna",
    "Bram",
    "Carla",
    "Daan",
    "Esra",
    "Farid",
    "Greet",
    "Hugo",
    "Ilse",
    "Jelle",
    "Karin",
    "Lars",
    "Mila",
    "Noor",
    "Otto",
    "Pien",
    "Quint",
    "Roos",
    "Sem",
    "Tess",
]
_LAST = [
    "de Vries",
    "Jansen",
    "van den Berg",
    "Bakker",
    "Visser",
    "Smit",
    "Meijer",
    "de Groot",
    "Mulder",
    "Bos",
    "Vos",
    "Peters",
    "Hendriks",
    "van Leeuwen",
    "Dekker",
    "Brouwer",
    "de Wit",
    "Dijkstra",
    "Smits",
    "de Graaf",
    "van der Meer",
    "Kuipers",
    "Yılmaz",
    "El Amrani",
    "Öztürk",
    "Wójcik",
    "Çelik",
    "van 't Hof",
]
_STREET = [
    "Dorpsstraat",
    "Kerkstraat",
    "Molenweg",
    "Lindelaan",
    "Schoolstraat",
    "Stationsweg",
    "Julianalaan",
    "Fazantstraat",
    "Veldweg",
    "Brink",
]
_TOWN = [
    "Bergen",
    "Utrecht",
    "Zwolle",
    "Assen",
    "Venlo",
    "Breda",
    "Ede",
    "Gouda",
    "Hoorn",
    "Tiel",
    "Goes",
    "Weert",
    "Sneek",
    "Meppel",
    "Boxmeer",
    "Nijmegen",
]
_AREA = ("10", "20", "30", "40", "50", "70", "13", "15", "23", "24")
_BANK = ("ABNA", "INGB", "RABO", "TRIO", "KNAB")
_NOTE = (
    "Belt liever na vijven.",
    "Laptop traag sinds de laatste update; wil er zelf bij zijn.",
    "Wil de factuur per post.",
    "Sleutel ligt bij de buren op nummer 12.",
    "Heeft twee printers, één doet het niet op het draadloze netwerk.",
)


def row(number: int) -> tuple[str, ...]:
    """Return the customer with this number, under ``HEADER``."""
    draw = int.from_bytes(hashlib.blake2b(number.to_bytes(8, "big"), digest_size=32).digest(), "big")

    def pick(count: int) -> int:
        nonlocal draw
        draw, place = divmod(draw, count)
        return place

    first, last = _FIRST[pick(len(_FIRST))], _LAST[pick(len(_LAST))]
    account = f"{_BANK[pick(5)]}{pick(10**10):010d}"
    nine = f"{pick(9 * 10**8) + 10**8}"
    letters = "ABEGHJKLMNPRTVWXZ"
    return (
        f"{first} {last}",
        f"{_STREET[pick(10)]} {1 + pick(300)}",
        f"{1000 + pick(9000)} {letters[pick(17)]}{letters[pick(17)]}",
        _TOWN[pick(len(_TOWN))],
        f"0{_AREA[pick(10)]}-{2 + pick(7)}{number % 10**6:06d}",
        f"06-{(1, 2, 3, 4, 5, 8)[number // 10**7 % 6]}{number % 10**7:07d}",
        f"{first}.{number}@example.{('nl', 'org')[pick(2)]}".lower(),
        f"NL{98 - _mod_97(account + 'NL00'):02d}{account}",
        _btw_id(nine),
        f"{_NOTE[pick(5)]} Klant sinds {2005 + pick(20)}.",
    )


def write_csv(path: Path, size: int) -> None:
    """Write customers 0 to ``size`` as a CSV in UTF-8 with semicolons, as a Dutch office program does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEADER)
        rows.writerows(map(row, range(size)))


def _mod_97(text: str) -> int:
    return int("".join(str(int(c, 36)) for c in text)) % 97


def _btw_id(nine: str) -> str:
    """Return the btw-id over nine digits: two digits from 02 to 98 that make the whole 1 modulo 97."""
    two = (1 - _mod_97(f"NL{nine}B00")) % 97
    return f"NL{nine}B{two if two > 1 else two + 97:02d}"


def _both(text: str) -> dict[str, str]:
    return {"nl": text, "en": text}


def _purpose(basis: str, shelf: str, *needs: str) -> dict[str, Any]:
    return {
        "title": _both(shelf),
        "basis": basis,
        "ground": "AVG 6(1)",
        "shelf": shelf,
        "needs": {path: _both("meting") for path in needs},
    }


def _shelf(trigger: str, period: str, counts_from: str) -> dict[str, Any]:
    return {
        "title": _both(trigger),
        "trigger": trigger,
        "period": period,
        "counts_from": counts_from,
        "ground": "meting",
        "why": _both("meting"),
    }


def statement() -> Statement:
    """Return the statement of the invented firm: two purposes, two shelves, ten fields."""
    fields = {
        "name": ("name", True),
        "street": ("street", False),
        "postcode": ("postcode", False),
        "town": ("town", False),
        "phone": ("phone", True),
        "mobile": ("phone", True),
        "email": ("email", True),
        "notes": ("text", False),
    }
    money = {"iban": ("iban", True), "vat": ("vat", False)}
    document = {
        "format": 1,
        "version": "2026-01-01",
        "languages": ("nl",),
        "controller": {
            "name": "Voorbeeld",
            "legal_form": _both("eenmanszaak"),
            "website": "https://example.nl",
            "contacts": ({"kind": "email", "value": "privacy@example.nl"},),
        },
        "categories": {
            category: {
                "title": _both(category),
                "fields": {n: {"title": _both(n), "kind": k, "identifies": i} for n, (k, i) in listed.items()},
            }
            for category, listed in (("contact", fields), ("payment", money))
        },
        "purposes": {
            "service": _purpose("contract", "customer", *(f"contact.{name}" for name in fields)),
            "administration": _purpose("legal_obligation", "books", "payment.iban", "payment.vat"),
            "rights": _purpose("legal_obligation", "customer", "*"),
        },
        "shelves": {
            "customer": _shelf("last-contact", "2 years", "event"),
            "books": _shelf("invoice-issued", "7 years", "year_end"),
        },
        "rights": {"purpose": "rights", "shelf": "customer", "identity": _both("een mail")},
        "breach": {"authority": "AP", "authority_within_hours": 72, "subjects_within_hours": 72},
    }
    policy = Policy.model_validate(document)
    clause = Clause("C1", "Wij gebruiken uw gegevens alleen waarvoor u ze gaf.", (), (), 1)
    return Statement(policy.version, policy, (StatementText("nl", "statement.nl.md", "", (clause,)),), "", "memory")


MAPPING = """\
format = 1
[columns]
"Naam" = "contact.name"
"Adres" = "contact.street"
"Postcode" = "contact.postcode"
"Plaats" = "contact.town"
"Telefoon" = "contact.phone"
"Mobiel" = "contact.mobile"
"E-mailadres" = "contact.email"
"IBAN" = { field = "payment.iban", purpose = "administration" }
"BTW-id" = { field = "payment.vat", purpose = "administration" }
"Opmerking" = "contact.notes"
"""
