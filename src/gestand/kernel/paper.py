"""Keys on paper: short lines of hexadecimal digits, each with its own number and check digits.

    ROOT  01  4f8a 0c21 77de 9b13   c5a0

Name, number of the line, eight bytes, and the start of the SHA-256 of name, number and bytes. A slip of the pen is found
in its line, a line left out or out of its place by its number. The last line of a name says how many bytes there are.
"""

from __future__ import annotations

import hashlib
import re

from gestand.kernel.errors import InputError, Problem

_BYTES = 8
_CHECK = 4  # hexadecimal digits
_LINE = re.compile(r"([A-Z][A-Z0-9]{0,7})\s+(\d{2})\s+([0-9A-Fa-f\s]+)")


def to_paper(name: str, key: bytes) -> tuple[str, ...]:
    """Return the lines for ``key`` under a short ``name`` (capitals and digits)."""
    parts = [key[at : at + _BYTES] for at in range(0, len(key), _BYTES)]
    lines = [_line(name, number, part) for number, part in enumerate(parts, 1)]
    return (*lines, _line(name, 0, len(key).to_bytes(2, "big") + hashlib.sha256(key).digest()[:6]))


def from_paper(text: str, where: str) -> dict[str, bytes]:
    """Return the keys typed from paper, by name. Lines that do not begin like one are passed over.

    :raises InputError: with every line whose check digits do not fit, and every key that is not whole.
    """
    found: dict[str, dict[int, bytes]] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line.strip().upper())
        if match is None:
            continue
        digits = re.sub(r"\s", "", match[3]).lower()
        name, place = match[1], int(match[2])
        part, check = digits[:-_CHECK], digits[-_CHECK:]
        if len(part) % 2 or not part or check != _check(name, place, bytes.fromhex(part)):
            problems.append(
                Problem(where, number, "paper-mistyped", f"line {match[2]} of {name} has a wrong digit", "Compare it.")
            )
        else:
            found.setdefault(name, {})[place] = bytes.fromhex(part)
    keys = {name: _joined(parts) for name, parts in found.items()}
    for name, key in keys.items():
        if key is None and not problems:
            problems.append(
                Problem(where, 0, "paper-incomplete", f"a line of {name} is missing", "Type all its lines.")
            )
    if not keys and not problems:
        problems.append(
            Problem(where, 0, "paper-empty", "there is no line of a key here", "Type lines like: ROOT 01 ...")
        )
    if problems:
        raise InputError(tuple(problems))
    return {name: key for name, key in keys.items() if key is not None}


def _joined(parts: dict[int, bytes]) -> bytes | None:
    last = parts.get(0, b"")
    key = b"".join(part for number, part in sorted(parts.items()) if number)
    sound = last == len(key).to_bytes(2, "big") + hashlib.sha256(key).digest()[:6]
    return key if sound else None


def _line(name: str, number: int, part: bytes) -> str:
    digits = part.hex()
    groups = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
    return f"{name}  {number:02}  {groups}   {_check(name, number, part)}"


def _check(name: str, number: int, part: bytes) -> str:
    return hashlib.sha256(f"{name} {number} ".encode() + part).hexdigest()[:_CHECK]
