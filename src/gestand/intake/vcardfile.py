"""vCards (RFC 2426, RFC 6350) as rows under fixed columns. Each card is read on its own, within bounds."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gestand.intake.model import Record

CARD_LENGTH = 1 << 20  # characters a card may have, its picture left out
_COLUMNS = ("name", "organisation", "phone", "mobile", "email", "street", "postcode", "town", "country", "note")
_PICTURE = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)


class VcardTable:
    """The cards of a file, one a row. Further telephones and addresses of a kind are told as a fault, not dropped."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path = path
        self._encoding = encoding
        self.header: tuple[str, ...] = _COLUMNS

    def records(self) -> Iterator[Record]:
        """Yield each card as a row; a broken one with its fault."""
        with self._path.open(encoding=self._encoding, errors="replace") as file:
            card: list[str] | None = None
            start = length = number = 0
            picture = False
            while line := file.readline(CARD_LENGTH):
                number += 1
                word = line.strip().upper()
                if word == "BEGIN:VCARD":
                    if card is not None:
                        yield Record(start, [], "the card before the next one is not ended")
                    card, start, length, picture = [line], number, 0, False
                    continue
                if card is None:
                    if word:
                        yield Record(number, [], "stands between cards")
                    continue
                if not line.startswith((" ", "\t")):
                    picture = _PICTURE.match(line) is not None
                length += 0 if picture else len(line)
                if not picture and length < CARD_LENGTH:
                    card.append(line)
                if word == "END:VCARD":
                    yield _card(start, card) if length < CARD_LENGTH else Record(start, [], "is too long for a card")
                    card = None
            if card is not None:
                yield Record(start, [], "the last card is not ended")


def _card(row: int, lines: list[str]) -> Record:
    vobject: Any = importlib.import_module("vobject")  # it ships no types
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            card = vobject.readOne("".join(lines))
            return _cells(row, card)
    except (
        vobject.base.VObjectError,
        ValueError,
        IndexError,
        KeyError,
        AttributeError,
        TypeError,
        AssertionError,
        StopIteration,
    ):
        return Record(row, [], "is no vCard that can be read")


def _cells(row: int, card: Any) -> Record:
    cells = dict.fromkeys(_COLUMNS, "")
    contents: dict[str, list[Any]] = card.contents
    cells["name"] = _text(contents, "fn") or _name(contents)
    cells["organisation"] = " ".join(_listed(contents["org"][0].value)) if contents.get("org") else ""
    cells["note"] = _text(contents, "note")
    surplus: list[str] = []
    for line in contents.get("tel", []):
        types = {kind.upper() for kind in line.params.get("TYPE", [])} | {kind.upper() for kind in line.singletonparams}
        if types & {"FAX", "PAGER"}:
            continue
        wanted = "mobile" if types & {"CELL", "MOBILE"} else "phone"
        place = wanted if not cells[wanted] else "phone" if not cells["phone"] else "mobile"
        _put(cells, place, str(line.value).removeprefix("tel:"), surplus)
    for line in contents.get("email", []):
        _put(cells, "email", str(line.value), surplus)
    for line in contents.get("adr", [])[:1]:
        address = line.value
        cells["street"] = " ".join(_listed(address.street))
        cells["postcode"] = " ".join(_listed(address.code))
        cells["town"] = " ".join(_listed(address.city))
        cells["country"] = " ".join(_listed(address.country))
    if surplus:
        return Record(row, list(cells.values()), f"has more than one {' and '.join(sorted(set(surplus)))}; keep one")
    return Record(row, [value.strip() for value in cells.values()])


def _put(cells: dict[str, str], place: str, value: str, surplus: list[str]) -> None:
    if cells[place] and cells[place] != value:
        surplus.append(place)
    else:
        cells[place] = value


def _text(contents: dict[str, list[Any]], name: str) -> str:
    lines = contents.get(name)
    return str(lines[0].value).strip() if lines else ""


def _name(contents: dict[str, list[Any]]) -> str:
    if "n" not in contents:
        return ""
    name = contents["n"][0].value
    return " ".join(part for piece in (name.given, name.additional, name.family) for part in _listed(piece))


def _listed(value: Any) -> list[str]:
    return [str(part) for part in value if part] if isinstance(value, list) else [str(value)] if value else []
