"""One byte string for one value: canonical JSON after RFC 8785, for the subset used here.

Allowed: objects with text keys, lists, text, whole numbers within ±2**53, true, false, null. No fractions:
their text form is where implementations differ, and nothing here needs them.
"""

from __future__ import annotations

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """Return the canonical UTF-8 JSON of ``value``: keys sorted by UTF-16 code units, no white space.

    :raises TypeError: for a fraction, bytes, or a key that is not text.
    :raises ValueError: for a whole number beyond ±2**53 or a lone surrogate.
    """
    _check(value)
    return _dump(value).encode("utf-8", "strict")


def _dump(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_dump(value[k])}" for k in keys) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_dump, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _check(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of canonical JSON is text, not {type(key).__name__}")
            _check(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _check(inner)
    elif isinstance(value, bool) or value is None or isinstance(value, str):
        return
    elif isinstance(value, int):
        if abs(value) > 2**53:
            raise ValueError(f"whole number beyond 2**53: {value}")
    else:
        raise TypeError(f"canonical JSON has no {type(value).__name__}")
