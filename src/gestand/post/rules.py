"""Judgements of post, pure: what may stand in a header, what is never answered by a machine, when to try again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from gestand.kernel.errors import DamagedError, GestandError, RefusedError

BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""How long to wait after each refusal for now; after the last the message has failed (RFC 5321 4.5.4.1: four to five days)."""
RECEIPT_EVERY = timedelta(hours=1)
"""One receipt to an address in this time, however often it writes."""
OWN_HEADERS = frozenset(
    {"from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version", "content-type",
     "content-transfer-encoding", "auto-submitted", "return-path", "received", "dkim-signature"}
)  # fmt: skip
"""Headers that post writes itself, or that are not a sender's to write."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_AUTOMATIC = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply", "donotreply", "bounce", "owner-")


def check_header(name: str, value: str) -> None:
    """Refuse a header that would become more than one, or one that post writes itself.

    :raises RefusedError: ``mail-header``.
    """
    if not _NAME.fullmatch(name) or name.lower() in OWN_HEADERS:
        raise RefusedError(
            "mail-header",
            f"'{name[:40]!a}' is no header that may be added",
            where="mail",
            remedy="Add List-, Reply-To, In-Reply-To or References headers only.",
        )
    check_line(name, value)


def check_line(name: str, value: str) -> None:
    """Refuse a value with CR, LF or NUL: it would end the header and begin another (RFC 5322 2.2).

    :raises RefusedError: ``mail-header``.
    """
    if any(sign in value for sign in "\r\n\0"):
        raise RefusedError(
            "mail-header",
            f"the value of {name} holds a line break or NUL",
            where="mail",
            remedy="Write it on one line. If it came from outside, someone may be trying to send mail through you.",
        )


def never_answered(headers: Iterable[tuple[str, str]], return_path: str | None = None) -> str:
    """Return why a machine must not answer a message; empty if it may (RFC 3834 2, RFC 2919, RFC 2369).

    ``headers`` as they stand in the message; ``return_path``: the envelope sender, where it is known.
    """
    found = {name.lower(): value.strip() for name, value in headers}
    path = return_path if return_path is not None else found.get("return-path")
    sender = (path or found.get("from", "")).lower()
    local = sender.rpartition("<")[2].partition("@")[0]
    suppressing = {"x-auto-response-suppress", "x-autoreply", "x-autorespond"}
    reasons = (
        (path is not None and not path.strip("<> "), "null-sender"),
        (found.get("auto-submitted", "no").split(";")[0].strip().lower() != "no", "auto-submitted"),
        (any(name.startswith("list-") for name in found), "list"),
        (found.get("precedence", "").lower() in {"bulk", "list", "junk", "auto_reply"}, "precedence"),
        (bool(suppressing & set(found)), "suppressed"),
        (any(local.startswith(word) for word in _AUTOMATIC) or local.endswith("-request"), "automatic-address"),
        ("multipart/report" in found.get("content-type", "").lower(), "report"),
    )
    return next((why for applies, why in reasons if applies), "")


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when a message is tried again that was refused for now ``tries`` times; None: it has failed."""
    return now + BACKOFF[tries - 1] if tries <= len(BACKOFF) else None


def why_not(fault: GestandError) -> str:
    """Return why a message cannot be made, behind the code: what a fault itself says of an address may quote it."""
    if isinstance(fault, DamagedError):
        return f"{fault.code}: its content cannot be read any more; write it again"
    if fault.code == "mail-address":
        return f"{fault.code}: no mail server takes its address; mend that, or send a letter"
    return f"{fault.code}: it may not leave as it is"


def without_addresses(answer: str) -> str:
    """Return a server's answer as one short line, with addresses blacked out: it is kept as proof, not to name anyone."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in answer).split())
    return _ADDRESS.sub("<…>", line)[:200]
