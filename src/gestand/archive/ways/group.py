"""Group commit: messages that come in at the same time are sealed together, and each is acknowledged once that is durable.

One thread seals (``run``); any number may hand in. While one group is being written the next one gathers, so that a single
sender waits for one commit and a hundred senders share one.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from gestand.archive.model import Admitted, Way
from gestand.archive.ways.contract import Archive
from gestand.kernel.errors import GestandError

LOG = logging.getLogger("gestand")
MOST: Final = 100
MOST_BYTES: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Waiting:
    raw: bytes
    way: Way
    answer: Future[Admitted]


class Group:
    """Seals what is handed in, group by group, in the thread that runs it."""

    def __init__(self, archive: Archive, heard: Callable[[], object] = lambda: None) -> None:
        self._archive = archive
        self._heard = heard
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()

    def submit(self, raw: bytes, way: Way) -> Future[Admitted]:
        """Hand in a message; the answer comes when it is on stable storage, or holds the error."""
        waiting = _Waiting(raw, way, Future())
        waiting.answer.set_running_or_notify_cancel()  # who hangs up before the answer takes nothing back
        self._queue.put(waiting)
        return waiting.answer

    def stop(self) -> None:
        """Let ``run`` end once everything that was handed in before is answered."""
        self._queue.put(None)

    def run(self) -> None:
        """Seal until ``stop``."""
        going = True
        while going:
            first = self._queue.get()
            if first is None:
                return
            group, size = [first], len(first.raw)
            while len(group) < MOST and size < MOST_BYTES:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    going = False
                    break
                group.append(more)
                size += len(more.raw)
            self._seal(group)
            if self._queue.empty():
                self._listen()

    def _listen(self) -> None:
        """Tell what came in. What was not told now is told with the next message, or the next reading; why not, the log says."""
        try:
            self._heard()
        except GestandError as fault:
            LOG.warning("what came in was not all looked through: %s", fault)
        except Exception as fault:  # noqa: BLE001 - sealing goes on; no words of a message stand in the log
            LOG.error("what came in was not looked through: %s", type(fault).__name__)  # noqa: TRY400 - as above

    def _seal(self, group: Sequence[_Waiting]) -> None:
        try:
            admitted = list(self._archive.admit_many((one.raw, one.way) for one in group))
        except Exception as fault:  # noqa: BLE001 - one message, whatever it does, ends not the sealing of all others
            if len(group) == 1:
                group[0].answer.set_exception(fault)
                return
            for one in group:  # each by itself: one that cannot be kept does not hold up the others
                self._seal([one])
            return
        for one, answer in zip(group, admitted, strict=True):
            one.answer.set_result(answer)
