"""The QR code of a secret for an authenticator app, drawn by the page itself (ISO/IEC 18004)."""

from __future__ import annotations

from typing import Any, Final

QUIET: Final = 4
"""Light modules around the code, as the standard asks."""


def picture_of(text: str) -> dict[str, Any]:
    """Return ``side``, the width and height in modules with their quiet zone, and ``path``: the dark modules, as of SVG.

    :raises ValueError: if the text is too long for a code (2,953 bytes).
    """
    import segno  # one person a year enrols by an app: the office starts without it

    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    path = "".join(
        f"M{column + QUIET} {line + QUIET}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return {"side": len(rows) + 2 * QUIET, "path": path}
