"""The register of agreements, ``agreements.toml``: with whom, what was agreed, until when, and to which key packages go.

The statement says that a recipient gets data; this register says who that is, and holds the processor's agreement against the
list of Article 28(3). It belongs to the firm and is not published.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final

import pyrage
from pydantic import Field, ValidationError

from gestand.kernel.errors import UsageError
from gestand.law.periods import Period, Unit, add
from gestand.sharing.model import Against
from gestand.statement.policy import Name, Noun, Recipient
from gestand.statement.rules_law import EEA

FILE: Final = "agreements.toml"
WARN_BEFORE: Final = Period(60, Unit.DAYS)
CONTENTS: Final[Mapping[str, tuple[str, str]]] = {
    "subject-matter": ("28(3)", "what is processed, and what for"),
    "duration": ("28(3)", "for how long"),
    "data-and-people": ("28(3)", "which personal data, of which people"),
    "obligations": ("28(3)", "what the controller must and may do"),
    "instructions": ("28(3)(a)", "only on documented instructions, also for a transfer outside the EEA"),
    "confidentiality": ("28(3)(b)", "who works with the data has promised confidentiality"),
    "security": ("28(3)(c)", "the measures of Article 32"),
    "sub-processors": ("28(3)(d), 28(2), 28(4)", "no other processor without leave, and under the same duties"),
    "rights": ("28(3)(e)", "help in answering data subjects"),
    "breaches-and-dpia": ("28(3)(f), 32 to 36", "help with security, breaches and impact assessments"),
    "end": ("28(3)(g)", "erase or return at the end"),
    "audit": ("28(3)(h)", "show it, and let it be audited"),
    "in-writing": ("28(9)", "it is in writing, also electronically"),
}
"""What an agreement with a processor must say, and by which part of Article 28."""


class Agreement(Noun):
    """What was agreed with one recipient of the statement. ``sealed_to``: its age recipient (``age1...``)."""

    name: Annotated[str, Field(min_length=1)]
    contact: str = ""
    signed: date | None = None
    expires: date | None = None
    document: str = ""  # where the signed paper is
    contents: tuple[str, ...] = ()
    sub_processors: tuple[str, ...] = ()
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "NL"
    transfer: str = ""  # Articles 45 to 49
    sealed_to: str = ""


class _Register(Noun):
    format: int
    agreements: dict[Name, Agreement] = Field(default_factory=dict)


Agreements = Mapping[str, Agreement]
"""By the recipient's name in ``policy.toml``."""


def load_agreements(folder: Path) -> Agreements:
    """Read ``agreements.toml``; an organisation without one has agreed nothing.

    :raises UsageError: if it is no TOML, or says something that cannot be; names all that is wrong.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        document: dict[str, Any] = tomllib.loads(path.read_bytes().decode("utf-8"))
        register = _Register.model_validate(document)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise UsageError(
            "agreements-not-toml", str(fault), where=str(path), remedy="Mend the place that is named; save it as UTF-8."
        ) from None
    except ValidationError as fault:
        raise _wrong(path, [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in fault.errors()]) from None
    faults = [] if register.format == 1 else ["format = 1 is missing or another"]
    for name, agreement in register.agreements.items():
        faults += [f"{name}: '{word}' is none of the contents" for word in agreement.contents if word not in CONTENTS]
        if agreement.sealed_to and not _is_recipient(agreement.sealed_to):
            faults.append(f"{name}: sealed_to is no age recipient; it begins with age1")
    if faults:
        raise _wrong(path, faults)
    return register.agreements


def _wrong(path: Path, faults: list[str]) -> UsageError:
    return UsageError(
        "agreements-wrong",
        "; ".join(faults),
        where=str(path),
        remedy="See docs/formats.md, section agreements.toml; the contents are " + ", ".join(CONTENTS) + ".",
    )


def _is_recipient(text: str) -> bool:
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def missing_contents(agreement: Agreement) -> tuple[str, ...]:
    """Return what Article 28(3) asks and the agreement does not say, each with its article."""
    return tuple(
        f"{word} (Article {article}: {says})"
        for word, (article, says) in CONTENTS.items()
        if word not in agreement.contents
    )


def ends(recipient: Recipient, agreement: Agreement | None) -> date | None:
    """Return when the agreement ends: the earlier of what the statement and the register say."""
    known = [day for day in (recipient.agreement_expires, agreement.expires if agreement else None) if day]
    return min(known, default=None)


def judge_agreement(
    name: str, recipient: Recipient, agreement: Agreement | None, today: date, clause: str
) -> tuple[tuple[Against, ...], tuple[str, ...]]:
    """Return what speaks against giving to ``recipient`` (by ``name``), and what is worth a warning.

    A processor needs an agreement with all of Article 28(3) that has not ended; whoever is outside the EEA needs the ground
    for the transfer that the statement names (Articles 44 to 49). ``clause``: what to name where the statement promises it.
    """
    against: list[Against] = []
    warnings: list[str] = []
    if recipient.role in {"processor", "joint"}:
        article = "Article 28(3)" if recipient.role == "processor" else "Article 26(1)"
        named = f"{clause}; {article}" if clause else article
        if agreement is None or agreement.signed is None or agreement.signed > today:
            against.append(Against("agreement-missing", f"no signed agreement with '{name}' is registered in {FILE}", named))  # fmt: skip
        elif recipient.role == "processor" and (lacking := missing_contents(agreement)):
            against.append(Against("agreement-incomplete", f"the agreement with '{name}' lacks {'; '.join(lacking)}", named))  # fmt: skip
    end = ends(recipient, agreement)
    if end is not None and end < today:
        against.append(Against("agreement-expired", f"the agreement with '{name}' ended on {end}", clause or "Article 28(3)"))  # fmt: skip
    elif end is not None and end <= add(today, WARN_BEFORE):
        warnings.append(f"the agreement with '{name}' ends on {end}")
    country = agreement.country if agreement else recipient.country
    if country != recipient.country:
        against.append(Against("recipient-elsewhere", f"'{name}' is in {country}, and the statement says {recipient.country}", clause or "Article 13(1)(f)"))  # fmt: skip
    if country not in EEA and not (recipient.transfer and agreement and agreement.transfer):
        against.append(Against("transfer-without-ground", f"'{name}' is in {country}, outside the EEA, and no ground for the transfer is both stated and registered", clause or "Article 44"))  # fmt: skip
    return tuple(against), tuple(warnings)
