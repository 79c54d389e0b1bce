"""The nouns of ``policy.toml``: what is promised, in machine terms. Frozen, typed, named as the GDPR names them.

Every key is described in docs/formats.md. Cross-references (a purpose that names a shelf, a field that no purpose
needs) are judged by ``statement.rules``, not here: here only shapes.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from gestand.law.periods import CountsFrom, Period

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
"""An identifier in the policy: lower-case letters, digits and hyphens."""


def _period(value: Any) -> Any:
    return Period.parse(value) if isinstance(value, str) else value


PolicyPeriod = Annotated[Period, BeforeValidator(_period), PlainSerializer(str)]


class Noun(BaseModel):
    """Base of all policy nouns: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Text(Noun):
    """A text that people read, in both languages."""

    nl: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def into(self, language: str) -> str:
        """Return the text in ``language``: ``nl`` or ``en``."""
        return self.nl if language == "nl" else self.en


class LawfulBasis(StrEnum):
    """Article 6(1) GDPR, letters a to f."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"


class FieldKind(StrEnum):
    """What a field holds: decides validation, normal form and whether it can find a person."""

    NAME = "name"
    STREET = "street"
    POSTCODE = "postcode"
    TOWN = "town"
    COUNTRY = "country"
    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    VAT = "vat"
    COC = "coc"  # KvK number
    BSN = "bsn"  # refused unless a statute is named (UAVG 46)
    CUSTOMER_NUMBER = "customer_number"
    IP = "ip"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


class DataField(Noun):
    """One field of a data category. ``identifies``: people are found by it (blind index)."""

    title: Text
    kind: FieldKind = FieldKind.TEXT
    identifies: bool = False
    statute: str = ""  # the act that allows a BSN (UAVG 46)


class DataCategory(Noun):
    """A category of personal data (Article 30(1)(c)); ``special`` is Article 9, ``criminal`` Article 10."""

    title: Text
    special: bool = False
    criminal: bool = False
    dpv: str = ""
    fideslang: str = ""
    fields: Annotated[dict[Name, DataField], Field(min_length=1)]


class Balancing(Noun):
    """The balancing test behind a legitimate interest (Article 6(1)(f))."""

    interest: Text
    necessity: Text
    outcome: Text
    reviewed: date


class Purpose(Noun):
    """Why personal data are used (Article 5(1)(b)); ``needs`` says for each field why it is needed (5(1)(c))."""

    title: Text
    basis: LawfulBasis
    ground: Annotated[str, Field(min_length=1)]  # the article, or the statute behind a legal obligation
    shelf: Name
    needs: dict[str, Text]  # "category.field" -> why; "*" for every field (answering a data subject)
    subjects: tuple[str, ...] = ()
    recipients: tuple[Name, ...] = ()
    channels: tuple[Literal["email", "telephone", "post", "counter", "web"], ...] = ()
    marketing: bool = False
    balancing: Balancing | None = None
    consent_text: Text | None = None
    special_ground: str = ""  # the exception of Article 9(2), where a needed category is special
    dpv: str = ""
    fideslang: str = ""

    def allows(self, path: str) -> bool:
        """Say whether the purpose needs the field ``category.field``."""
        return path in self.needs or "*" in self.needs


class Trigger(StrEnum):
    """The event that starts a period of keeping. ``law/retention`` dates it; dossiers and intake report it."""

    COLLECTED = "collected"
    LAST_CONTACT = "last-contact"
    QUESTION_ANSWERED = "question-answered"
    QUOTE_EXPIRED = "quote-expired"
    AGREEMENT_ENDED = "agreement-ended"
    JOB_CLOSED = "job-closed"
    INVOICE_ISSUED = "invoice-issued"
    COMPLAINT_CLOSED = "complaint-closed"
    MESSAGE_RECEIVED = "message-received"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    OBJECTION = "objection"
    REQUEST_CLOSED = "request-closed"
    BREACH_CLOSED = "breach-closed"
    LOGGED = "logged"


class Shelf(Noun):
    """A retention class: what starts the period, how long it is, on what ground, and what follows.

    ``then`` moves what is left to another shelf instead of erasing it; shelves never lead in a circle.
    """

    title: Text
    trigger: Trigger
    period: PolicyPeriod
    counts_from: CountsFrom = "event"
    ground: Annotated[str, Field(min_length=1)]
    why: Text
    record_kind: str = ""  # the kind of law/retention that judges it; empty: a policy term
    then: Name | None = None


class Recipient(Noun):
    """Who else gets data (Articles 13(1)(e), 28, 30(1)(d))."""

    title: Text
    role: Literal["processor", "controller", "joint", "authority"]
    why: Text
    needs: tuple[str, ...] = ()  # fields, as category.field
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    transfer: str = ""  # Articles 45 to 49, where the country is outside the EEA
    agreement: str = ""  # what the Article 28(3) agreement is
    agreement_expires: date | None = None


class Contact(Noun):
    """A contact point of the controller (Article 13(1)(a))."""

    kind: Literal["email", "post", "telephone", "web"]
    value: Annotated[str, Field(min_length=1)]
    rights: bool = True  # requests under Articles 15 to 22 are taken here
    note: Text | None = None


class Controller(Noun):
    """The controller (Article 4(7))."""

    name: Annotated[str, Field(min_length=1)]
    legal_form: Text
    website: str
    coc: str = ""
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]


class Service(Noun):
    """A service, site, mailbox or telephone line, and the firm's role in it."""

    title: Text
    kind: Literal["service", "site", "mailbox", "telephone"]
    address: str = ""
    role: Literal["controller", "processor", "joint"]
    purposes: tuple[Name, ...] = ()
    agreement: str = ""  # what governs it: terms, or the Article 28 agreement where the firm is processor


class Devices(Noun):
    """Customers' devices in hand: the service they belong to, whose role is the firm's, and where what is noted of them goes.

    The shelves are those of the two purposes: what is noted and copied lies on that of ``purpose``, the code on its own.
    """

    service: Name
    purpose: Name  # what is done with the device
    access_purpose: Name  # what the access code is for
    model: str  # fields, as category.field
    fault: str
    accessories: str
    permission: str  # what may be looked at
    image: str
    access_code: str

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return every field it names, by its key."""
        return tuple((key, getattr(self, key)) for key in _DEVICE_FIELDS)


_DEVICE_FIELDS = ("model", "fault", "accessories", "permission", "image", "access_code")


class Rights(Noun):
    """How a data subject's request is taken and answered (Article 12)."""

    purpose: Name  # the purpose under which data are opened to answer
    shelf: Name  # the request file's own shelf
    identity: Text  # the least intrusive way, in words
    marker_required: Literal[False] = False  # 'persoonsgegevens' on the envelope is never a condition


class BreachDuty(Noun):
    """What is promised for a personal data breach (Articles 33 and 34)."""

    authority: str
    authority_within_hours: Annotated[int, Field(ge=1, le=72)]
    subjects_within_hours: Annotated[int, Field(ge=1, le=720)]


class Cookies(Noun):
    """What may be stored on a visitor's device: an allow-list, for the first firm empty."""

    allow: tuple[str, ...] = ()


class Role(Noun):
    """A role of staff and the purposes it may act for."""

    title: Text
    purposes: tuple[Name, ...]


class ClauseNote(Noun):
    """Why a clause has no control of its own: it only informs, or it was mended or withdrawn in this version."""

    status: Literal["informative", "mended", "withdrawn"]
    reason: Text


class Policy(Noun):
    """A whole ``policy.toml``."""

    format: Literal[1]
    version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    languages: Annotated[tuple[Literal["nl", "en"], ...], Field(min_length=1)]
    controller: Controller
    categories: dict[Name, DataCategory]
    purposes: dict[Name, Purpose]
    shelves: dict[Name, Shelf]
    recipients: dict[Name, Recipient] = {}
    services: dict[Name, Service] = {}
    devices: Devices | None = None
    rights: Rights
    breach: BreachDuty
    cookies: Cookies = Cookies()
    roles: dict[Name, Role] = {}
    clauses: dict[str, ClauseNote] = {}

    def field(self, path: str) -> DataField | None:
        """Return the field that ``category.field`` names, or None."""
        category, _, name = path.partition(".")
        found = self.categories.get(category)
        return found.fields.get(name) if found else None

    def field_paths(self) -> tuple[str, ...]:
        """Return every ``category.field`` of the policy."""
        return tuple(f"{c}.{f}" for c, category in self.categories.items() for f in category.fields)

    def purposes_of(self, path: str) -> tuple[str, ...]:
        """Return the purposes that need the field, those that need everything left out."""
        return tuple(name for name, purpose in self.purposes.items() if path in purpose.needs)
