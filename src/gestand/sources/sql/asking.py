"""Conditions by which a database finds rows: each kind of identifier in every notation, as that engine does it fastest.

A condition may let too much through, never too little: what comes back is judged again by its normal form.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, CITEXT

from gestand.sources.knowing import PHONE_DIGITS, Sought
from gestand.sources.names import PersonName
from gestand.sources.sql.schema import Part
from gestand.statement.policy import FieldKind

_PUNCTUATION = " -()./+"
_CODE_GAPS = " -./"
CHUNK = 2_000
"""Values in one IN list, where an engine has no arrays."""
Condition = sa.ColumnElement[bool]
_DIGITS = re.compile("-?[0-9]{1,40}")


class _Blank(sa.types.UserDefinedType[str]):
    """CHAR of PostgreSQL, to which trailing blanks mean nothing, without a length that would cut a value off."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "bpchar"


def among(column: sa.ColumnElement[Any], values: Sequence[Any], dialect: str) -> Condition:
    """Return ``column`` in ``values``, as one parameter where the engine can."""
    found: Condition
    if dialect == "postgresql":
        kind = _kind(column, values[0])
        if len(values) == 1:
            found = column == sa.bindparam(None, values[0], type_=kind)
            return found
        return column == sa.any_(sa.bindparam(None, list(values), type_=ARRAY(kind)))
    if len(values) == 1:
        found = column == values[0]
        return found
    if dialect == "sqlite" and all(isinstance(value, int | str) for value in values):
        each = sa.func.json_each(sa.bindparam(None, json.dumps(list(values)))).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column.in_(list(values))


def _kind(column: sa.ColumnElement[Any], value: Any) -> sa.types.TypeEngine[Any]:
    """Return as what PostgreSQL is given values to compare a column with, so that it compares as the column does."""
    if isinstance(value, int):
        return sa.BigInteger()
    if not isinstance(column, sa.Column):
        return sa.Text()
    if isinstance(column.type, sa.CHAR):
        return _Blank()
    return (
        sa.Text()
        if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum | CITEXT)
        else column.type
    )


def chunks(values: Sequence[Any], dialect: str) -> Iterator[Sequence[Any]]:
    """Yield the values in lists that the engine takes as one."""
    whole = dialect == "postgresql" or (dialect == "sqlite" and all(isinstance(value, int | str) for value in values))
    size = len(values) if whole else CHUNK
    for start in range(0, len(values), max(size, 1)):
        yield values[start : start + size]


def python_type(column: sa.Column[Any]) -> type:
    """Return the type in which a column's values come; text where SQLAlchemy knows of none (it raises for such a type)."""
    try:
        return column.type.python_type
    except NotImplementedError:
        return str


def whole_number(value: Any) -> int | None:
    """Return a value as the whole number that it is or says; None where it is none."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal | float):
        return int(value) if math.isfinite(value) and value == int(value) else None
    return int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else None


def whole_numbers(values: Iterable[Any], dialect: str) -> list[int]:
    """Return those of ``values`` that are whole numbers which a column of the engine can hold."""
    numbers = (whole_number(value) for value in values)
    most = 2**64 if dialect in {"mysql", "mariadb"} else 2**63  # BIGINT UNSIGNED
    return [number for number in numbers if number is not None and -(2**63) <= number < most]


def finding(part: Part, sought: Sought, dialect: str) -> Condition | None:
    """Return the condition under which a row may have one of the sought identifiers in this column; None without any."""
    if part.kind is FieldKind.NAME:
        names = sought.names() if part.declared.part in {"whole", "last"} else ()
        return sa.or_(*(_named(part.live, name, dialect) for name in names)) if names else None
    values = list(sought.values(part.kind))
    if not values:
        return None
    return _having(part, values, dialect)


def _having(part: Part, values: Sequence[str], dialect: str) -> Condition | None:
    numeric = not isinstance(part.live.type, sa.String) and python_type(part.live) is int
    if numeric:
        numbers = whole_numbers([v.lstrip("0") or "0" for v in values], dialect)
        return among(part.live, numbers, dialect) if numbers else None
    text = part.live if isinstance(part.live.type, sa.String) else sa.cast(part.live, sa.Text())
    if part.kind is FieldKind.EMAIL:
        return among(sa.func.lower(sa.func.trim(text)), values, dialect)
    if part.kind is FieldKind.PHONE:
        digits = _without(text, _PUNCTUATION, dialect)
        last = sa.func.substr(digits, -PHONE_DIGITS) if dialect == "sqlite" else sa.func.right(digits, PHONE_DIGITS)
        return among(last, values, dialect)
    if part.kind is FieldKind.IP:
        return among(sa.func.lower(sa.cast(part.live, sa.Text())), values, dialect)
    return among(sa.func.upper(_without(text, _CODE_GAPS, dialect)), values, dialect)


def _without(text: sa.ColumnElement[Any], signs: str, dialect: str) -> sa.ColumnElement[Any]:
    if dialect == "postgresql":
        return sa.func.translate(text, signs + "\u00a0\t", "")
    for sign in signs + "\u00a0":
        text = sa.func.replace(text, sign, "")
    return text


def _named(column: sa.Column[Any], name: PersonName, dialect: str) -> Condition:
    if dialect == "sqlite":
        return sa.func.gestand_fold(column).like(f"%{_literal(name.rarest)}%", escape="!")
    if dialect == "postgresql":
        composed = sa.case(
            (sa.func.octet_length(column) == sa.func.char_length(column), column),
            else_=sa.func.normalize(column, sa.literal_column("NFC")),
        )
        return sa.func.lower(composed).like(name.pattern)
    return sa.func.lower(column).like(name.pattern)


def mentioning(column: sa.Column[Any], plain: Sequence[str], bare: Sequence[str], dialect: str) -> Condition:
    """Return the condition under which a free text may mention one of these words, as they stand or without separators."""
    folded = sa.func.gestand_fold(column) if dialect == "sqlite" else sa.func.lower(column)
    said: list[Condition] = [
        folded.like(f"%{_literal(word)}%", escape="!")
        if word.isascii() and dialect == "sqlite"
        else folded.like(_loose(word), escape="!")
        for word in plain
    ]
    if bare:
        squeezed = sa.func.lower(_without(column, _PUNCTUATION, dialect))
        said += [squeezed.like(f"%{_literal(word)}%", escape="!") for word in bare]
    return sa.or_(*said)


def _loose(word: str) -> str:
    if "@" in word or any(letter.isdigit() for letter in word):
        return f"%{_literal(word)}%"
    return PersonName((), (word,)).pattern


def _literal(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
