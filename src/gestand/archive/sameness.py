"""When two messages with other bytes are one: the same mail, as two ways brought it.

A journal copy, the copy in the mailbox and the copy in an mbox differ in what each server and program wrote around them: trace
fields, marks of what was read, ends of lines. What the sender wrote is the same. By one kind of way, other bytes are another message:
there nothing stands between, and what differs may matter. The bytes that came first are kept.
"""

from __future__ import annotations

from typing import Final

from gestand.kernel.crypto import mac

SIZE: Final = 16
_HEAD: Final = 256 * 1024
_ADDED: Final = frozenset({
    b"return-path", b"received", b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-to", b"x-envelope-from",
    b"delivery-date", b"authentication-results", b"arc-authentication-results", b"arc-message-signature", b"arc-seal",
    b"received-spf", b"status", b"x-status", b"x-uid", b"x-keywords", b"x-imapbase", b"x-imap", b"content-length", b"lines",
    b"x-mozilla-status", b"x-mozilla-status2", b"x-mozilla-keys", b"x-gmail-labels", b"x-gm-thrid", b"x-received",
})  # fmt: skip
_ADDED_BEGIN: Final = (b"x-spam-", b"x-ms-exchange-", b"x-forefront-", b"x-microsoft-antispam")


def essence_token(key: bytes, raw: bytes) -> bytes:
    """Return by which the same mail is known, whatever was written around it on the way: a keyed digest of 16 bytes."""
    return mac(key, b"essence\x00" + essence(raw), SIZE)


def essence(raw: bytes) -> bytes:
    """Return what the sender wrote: ends of lines alike, without trace fields and marks of mail programs."""
    plain = raw.replace(b"\r\n", b"\n")
    head, empty, body = plain.partition(b"\n\n") if plain.find(b"\n\n", 0, _HEAD) >= 0 else (plain, b"", b"")
    if not empty:
        return plain.rstrip(b"\n")
    kept: list[bytes] = []
    wanted = True
    for line in head.split(b"\n"):
        if line[:1] not in {b" ", b"\t"}:
            name = line.partition(b":")[0].strip().lower()
            wanted = name not in _ADDED and not name.startswith(_ADDED_BEGIN)
        if wanted:
            kept.append(line)
    return b"\n".join(kept) + b"\n\n" + body.rstrip(b"\n")
