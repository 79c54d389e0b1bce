"""One question for every kind of field: is the value what it should be, and how is it written.

    value, kind -> the validator of the kind -> the value as it is kept, or a reason in words

Accuracy (Article 5(1)(d) GDPR) begins where a datum enters.
"""

from __future__ import annotations

from collections.abc import Callable

from gestand.reading.addresses import check_email, check_ip, check_postcode
from gestand.reading.eleven import passes_eleven_test
from gestand.reading.numbers import check_coc, check_customer_number, check_iban, check_vat
from gestand.reading.outcome import Outcome, Unsound
from gestand.reading.telephone import check_telephone
from gestand.reading.words import check_date, check_line, check_name, check_number, check_text
from gestand.statement.policy import DataField, FieldKind


def check_bsn(value: str) -> Outcome:
    """Return a BSN of nine digits. Whether it may be kept at all is asked of the policy (:func:`check_field`)."""
    text = value.replace(" ", "").replace(".", "").replace("-", "")
    return text.zfill(9) if passes_eleven_test(text) else Unsound("bsn-form", "is no BSN: it fails the eleven-test")


CHECKS: dict[FieldKind, Callable[[str], Outcome]] = {
    FieldKind.NAME: check_name,
    FieldKind.STREET: check_line,
    FieldKind.POSTCODE: check_postcode,
    FieldKind.TOWN: check_line,
    FieldKind.COUNTRY: check_line,
    FieldKind.PHONE: check_telephone,
    FieldKind.EMAIL: check_email,
    FieldKind.IBAN: check_iban,
    FieldKind.VAT: check_vat,
    FieldKind.COC: check_coc,
    FieldKind.BSN: check_bsn,
    FieldKind.CUSTOMER_NUMBER: check_customer_number,
    FieldKind.IP: check_ip,
    FieldKind.DATE: check_date,
    FieldKind.NUMBER: check_number,
    FieldKind.TEXT: check_text,
}


def check_kind(kind: FieldKind, value: str) -> Outcome:
    """Return ``value`` as a field of this kind keeps it, or why it is refused."""
    return CHECKS[kind](value)


def check_field(field: DataField, value: str) -> Outcome:
    """Return ``value`` as this field of the policy keeps it; a BSN only where the field names a statute (UAVG 46)."""
    if field.kind is FieldKind.BSN and not field.statute:
        return Unsound("bsn", "is a BSN field, and the policy names no act that allows it (UAVG 46)")
    return CHECKS[field.kind](value)
