"""The parent of the child that reads mail: sends it messages, waits, ends it when it takes too long, and starts another.

A message that cost a child its life is answered with a ``Mail`` that says so (``mail-read-killed``); those after it in the
batch are read by the next child. One child lives through many messages; it is replaced after a large one and after many,
so that what it holds of one message does not stay.
"""

from __future__ import annotations

import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from gestand.reading.attachments import NOTHING, Text
from gestand.reading.mail import KILLED, Mail, unread
from gestand.reading.mailchild import (
    ASKED,
    ATTACHMENT,
    DOCUMENT,
    FIND,
    HTML,
    LENGTH,
    NEEDLE,
    READ,
    SECONDS,
    from_wire,
    together,
)

PATIENCE: Final = SECONDS + 1.5
"""Seconds by the clock that one message may take."""
START_PATIENCE: Final = 30.0
LARGE: Final = 8 * 1024 * 1024
MESSAGES: Final = 20_000
ANSWER_LIMIT: Final = 64 * 1024 * 1024
BUNDLE: Final = 64
BUNDLE_SIZE: Final = 1 << 20
ALONE: Final = 64 * 1024
"""Messages and bytes that are looked through in one question; a message larger than ``ALONE`` goes by itself."""
CUT: Final = 32 * 1024 * 1024 + 1
"""Bytes of one message that are sent at most: one more than what is read of it, so that the child sees it was cut."""
_CHUNK: Final = 1 << 20


class _Child:
    """One child, with its pipes."""

    def __init__(self) -> None:
        source = str(Path(__file__).parents[2])
        code = f"import sys; sys.path.insert(0, {source!r}); from gestand.reading.mailchild import main; main()"
        self.process = subprocess.Popen(  # noqa: S603 - a fixed command
            [sys.executable, "-I", "-c", code],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, close_fds=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.process.stdout, selectors.EVENT_READ)
        self._pending = bytearray()
        self.answered = 0
        self.large = False

    def send(self, asked: int, number: int, messages: Sequence[bytes]) -> None:
        """Write messages to the child; stops where the child has ended. Runs in a thread of its own."""
        pipe = self.process.stdin
        assert pipe is not None
        try:
            for raw in messages:
                sent = memoryview(raw)[:CUT]
                pipe.write(ASKED.pack(asked, number, len(sent)))
                pipe.write(sent)
            pipe.flush()
        except (OSError, ValueError):
            return  # ended meanwhile; the reader of its answers notices

    def answer(self, patience: float) -> bytes | None:
        """Return the next answer, or None if the child ended or took too long."""
        until = time.monotonic() + patience
        wanted = -1
        while True:
            if wanted < 0 and len(self._pending) >= LENGTH.size:
                (wanted,) = LENGTH.unpack(self._pending[: LENGTH.size])
                if wanted > ANSWER_LIMIT:
                    return None
            if wanted >= 0 and len(self._pending) >= LENGTH.size + wanted:
                found = bytes(self._pending[LENGTH.size : LENGTH.size + wanted])
                del self._pending[: LENGTH.size + wanted]
                self.answered += 1
                return found
            left = until - time.monotonic()
            if left <= 0 or not self._selector.select(left):
                return None
            assert self.process.stdout is not None
            block = self.process.stdout.raw.read(_CHUNK)  # type: ignore[attr-defined]
            if not block:
                return None
            self._pending += block

    def end(self) -> None:
        """End the child now."""
        self.process.kill()
        self.process.wait()
        self._selector.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what it still wanted to send to the child is lost with it


class MailReader:
    """Reads messages in a child. One batch at a time; ``begin`` lets the caller do something else meanwhile."""

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._turn = ThreadPoolExecutor(1, thread_name_prefix="mail-reader")

    def begin(self, messages: Sequence[bytes]) -> Future[list[Mail]]:
        """Begin to read messages; the future has what was read of each."""
        return self._turn.submit(self._read, list(messages))

    def read(self, messages: Sequence[bytes]) -> list[Mail]:
        """Return what was read of each message."""
        return self.begin(messages).result()

    def close(self) -> None:
        """End the child."""
        self._turn.shutdown(wait=True)
        self._drop()

    def _read(self, messages: list[bytes]) -> list[Mail]:
        found: list[Mail] = []
        while len(found) < len(messages):
            found += self._read_some(messages[len(found) :])
        return found

    def _read_some(self, messages: Sequence[bytes]) -> list[Mail]:
        """Read until all are read or one of them ended the child."""
        found: list[Mail] = []
        for answer in self._ask(READ, messages):
            mail = _understood(answer)
            if mail is None:
                self._drop()
                found.append(unread(KILLED))
                break
            found.append(mail)
        return found

    def _ask(
        self, asked: int, messages: Sequence[bytes], number: int = 0, *, last: bool = True
    ) -> Iterator[bytes | None]:
        """Yield the child's answers; None, and nothing after it, if it ended.

        Not ``last``: what is asked next is of the same child, however old it is.
        """
        child = self._ready()
        sending = threading.Thread(target=child.send, args=(asked, number, messages), daemon=True)
        sending.start()
        for raw in messages:
            answer = child.answer(PATIENCE if child.answered else START_PATIENCE)
            child.large = child.large or len(raw) > LARGE
            if answer is None:
                self._drop()
            yield answer
            if answer is None:
                break
        sending.join()
        if last and (child.large or child.answered > MESSAGES):
            self._drop()

    def html(self, raw: bytes) -> str:
        """Return the HTML that a message shows, sanitised; empty if there is none, or none that can be read."""
        (answer,) = self._turn.submit(lambda: list(self._ask(HTML, [raw]))).result()
        return (answer or b"").decode("utf-8", "replace")

    def attachment(self, raw: bytes, number: int) -> bytes:
        """Return the bytes of an attachment, counted as ``Mail.attachments``; empty if it cannot be read."""
        (answer,) = self._turn.submit(lambda: list(self._ask(ATTACHMENT, [raw], number))).result()
        return answer or b""

    def document(self, name: str, content: bytes) -> Text:
        """Return the text of a file; none of it, and not whole, where it cannot be read or cost its child its life."""
        asked = name.encode("utf-8", "replace").replace(b"\0", b"") + b"\0" + content
        if len(asked) > CUT:
            return NOTHING
        (answer,) = self._turn.submit(lambda: list(self._ask(DOCUMENT, [asked]))).result()
        return Text(answer[1:].decode("utf-8", "replace"), answer[:1] == b"\x01") if answer else NOTHING

    def find(self, needle: str, messages: Sequence[bytes]) -> Future[list[bool]]:
        """Say of each message whether ``needle`` (case folded) stands in it; one that cannot be read is searched raw."""
        return self._turn.submit(self._find, needle, list(messages))

    def _find(self, needle: str, messages: list[bytes]) -> list[bool]:
        found: list[bool] = []
        for some in _bundles(messages):
            answers = self._find_some(needle, some) if len(some) > 1 else []
            found += answers or [self._find_one(needle, raw) for raw in some]
        return found

    def _find_some(self, needle: str, messages: Sequence[bytes]) -> list[bool]:
        """Ask of several messages at once; nothing if one of them ended the child: then each is asked by itself."""
        [ready] = self._ask(NEEDLE, [needle.encode()], last=False)
        if ready is None:
            return []
        [answer] = self._ask(FIND, [together([raw[:CUT] for raw in messages])], len(messages))
        if answer is None or len(answer) != len(messages):
            return []
        if self._child is not None:
            self._child.answered += len(messages)
        return [one == 1 for one in answer]

    def _find_one(self, needle: str, raw: bytes) -> bool:
        return (self._find_some(needle, [raw]) or [needle.encode() in raw.lower()])[0]

    def _ready(self) -> _Child:
        if self._child is None or self._child.process.poll() is not None:
            self._drop()
            self._child = _Child()
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _bundles(messages: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield messages in their order, as many at once as a child can soon answer for."""
    bundle: list[bytes] = []
    size = 0
    for raw in messages:
        if len(raw) > ALONE:
            if bundle:
                yield bundle
            yield [raw]
            bundle, size = [], 0
            continue
        if bundle and (len(bundle) == BUNDLE or size + len(raw) > BUNDLE_SIZE):
            yield bundle
            bundle, size = [], 0
        bundle.append(raw)
        size += len(raw)
    if bundle:
        yield bundle


def _understood(answer: bytes | None) -> Mail | None:
    if answer is None:
        return None
    try:
        return from_wire(answer)
    except ValueError:
        return None
