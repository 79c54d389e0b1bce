"""Exported chats: a conversation of WhatsApp (.txt, or .zip with its media), and SMS Backup & Restore (XML)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gestand.archive.ways.packed import is_zip
from gestand.archive.ways.sms import text_messages
from gestand.archive.ways.talks import unknown_chat
from gestand.archive.ways.typed import Typed
from gestand.archive.ways.whatsapp import LARGEST, conversation, named, text_of, zipped_conversation
from gestand.kernel.errors import UsageError


def chat_messages(path: Path, *, person: str = "") -> Iterator[Typed]:
    """Yield the messages of an exported chat, one for each conversation and day.

    ``person``: with whom, where the file does not say.

    :raises UsageError: ``chat-format`` if it is no chat that is known; ``path-missing``.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise unknown_chat(path, f"it is larger than {LARGEST} bytes")
        content = path.read_bytes()
    except OSError as fault:
        raise UsageError(
            "path-missing", f"it cannot be read: {fault.strerror}", where=str(path), remedy="Name the exported file."
        ) from None
    if is_zip(content[:8]):
        yield from zipped_conversation(path, person)
    elif content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        yield from text_messages(path, content)
    else:
        yield from conversation(path, text_of(content, path), person or named(path.name), {})
