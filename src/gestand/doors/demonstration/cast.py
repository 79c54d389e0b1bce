"""The invented people of the demonstration (RFC 2606 domains, numbers from no directory). Every value is unique."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """An invented customer, as a row of the firm's old address list."""

    number: str
    name: str
    street: str
    postcode: str
    town: str
    phone: str
    mobile: str
    email: str
    wishes: str


CAST = (
    Person("K-1001", "Anna de Vries", "Lindelaan 14", "1234 AB", "Zandstad", "0485-340101", "06-12345601", "anna@example.nl",
           "Back-up iedere vrijdag controleren"),
    Person("K-1002", "Bram Jansen", "Molenweg 3a", "2345 BC", "Veenhuizen", "0485-340102", "06-12345602", "bram@example.nl",
           "Liever bellen na vijf uur"),
    Person("K-1003", "Chaima El Idrissi", "Kerkplein 8", "3456 CD", "Bergen", "0485-340103", "06-12345603",
           "chaima@example.org", "Factuur digitaal sturen"),
    Person("K-1004", "Daan van der Berg", "Havenkade 221", "4567 DE", "Waterdorp", "0485-340104", "06-12345604",
           "daan@example.nl", "Nieuwe laptop uitzoeken"),
    Person("K-1005", "Eva Ölçer", "Beukenhof 5", "5678 EG", "Heidestad", "0485-340105", "06-12345605", "eva@example.org",
           "Printer staat op zolder"),
    Person("K-1006", "Fenna Smit-Bakker", "Dijkje 77", "6789 FH", "Noordeind", "0485-340106", "06-12345606",
           "fenna@example.nl", "Alleen op woensdag thuis"),
)  # fmt: skip

ACCESS = CAST[0]
ERASURE = CAST[1]
FORGOTTEN = CAST[5]
"""Who asks what is held, who asks to be erased, and whose time is over."""

HEAD = (
    "klantnummer",
    "naam",
    "adres",
    "postcode",
    "plaats",
    "telefoon",
    "mobiel",
    "e-mail",
    "behoefte en wensen",
    "geboortedatum",
)


def address_list() -> bytes:
    """Return the firm's old address list as CSV in UTF-8; its last column has no purpose, its last row is broken."""
    stream = io.StringIO()
    rows = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    rows.writerow(HEAD)
    for p in CAST[:5]:
        rows.writerow(
            (p.number, p.name, p.street, p.postcode, p.town, p.phone, p.mobile, p.email, p.wishes, "01-01-1970")
        )
    rows.writerow(("K-1007", "Gijs Mol", "Eind 1", "99 ZZ", "Nergens", "geen", "06", "gijs(at)example.nl", "", ""))
    return stream.getvalue().encode("utf-8")
