"""What an import asks a person before it goes in: an address for offers whose owner once said no, or was erased.

Only what comes in for marketing is held back (Article 21(3) GDPR); an address for an agreement or an invoice is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from gestand.intake.model import Remark, Row
from gestand.statement.policy import FieldKind, Policy

Asks = Callable[[Iterable[tuple[FieldKind, str]]], Collection[str]]
"""Called with addresses and numbers, returns those about which must be asked."""
CONTACT = frozenset({FieldKind.EMAIL, FieldKind.PHONE})
REASON = "is on the list of those who want no offers; ask the person first, or leave the row out"


def asked_about(rows: Sequence[Row], policy: Policy, asks: Asks) -> list[Row]:
    """Return the rows, those held back whose address for marketing is on the list, each with a remark that says so."""
    marketing = {name for name, purpose in policy.purposes.items() if purpose.marketing}
    kinds = {path: field.kind for path in policy.field_paths() if (field := policy.field(path)) is not None}
    contacts = {
        (kinds[datum.path], datum.value)
        for row in rows
        for datum in row.data
        if datum.purpose in marketing and kinds.get(datum.path) in CONTACT
    }
    listed = set(asks(sorted(contacts))) if contacts else set()
    if not listed:
        return list(rows)
    return [_held_back(row, listed, marketing) for row in rows]


def _held_back(row: Row, listed: set[str], marketing: set[str]) -> Row:
    remarks = [
        Remark(row.number, datum.column, "refused", REASON, datum.value)
        for datum in row.data
        if datum.value in listed and datum.purpose in marketing
    ]
    return Row(row.number, [], [*row.remarks, *remarks]) if remarks else row
