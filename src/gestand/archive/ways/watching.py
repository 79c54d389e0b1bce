"""Reading mailboxes as mail comes in: one waiting thread for each (IDLE), one that reads, and every ten minutes all of them.

A server that cannot tell of new mail is asked every two minutes. A connection that fails is tried again, each time later, up
to every quarter of an hour; that it failed is told.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Final

from gestand.archive.ways.model import Folder, FolderRole, PullOutcome
from gestand.archive.ways.service import Ways
from gestand.kernel.config_mail import MailboxSettings
from gestand.kernel.errors import GestandError

EVERY: Final = 600.0  # seconds: the folders beside INBOX
WITHOUT_IDLE: Final = 120.0
LATEST: Final = 900.0
AT_ONCE: Final = 20.0  # seconds that one wait takes, so that an end is noticed
INBOX: Final = Folder("INBOX", FolderRole.INBOX)

Told = Callable[[str, PullOutcome | GestandError], None]
"""Called with a mailbox's name and what reading it did, or why it failed."""


def watch(ways: Ways, *, stop: threading.Event, told: Told, every: float = EVERY) -> None:
    """Read every mailbox now, and again whenever something comes, until ``stop`` is set. Reading is done in this thread."""
    due: queue.SimpleQueue[str] = queue.SimpleQueue()
    watchers = [
        threading.Thread(target=_wait, args=(ways, box, due, stop, every), name=f"idle-{box.name}")
        for box in ways.settings.mailboxes
    ]
    for watcher in watchers:
        watcher.start()
    try:
        while not stop.is_set():
            try:
                name = due.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                told(name, ways.pull(name))
            except GestandError as fault:
                told(name, fault)
            except Exception as fault:  # noqa: BLE001 - what one mailbox does to this program ends not the reading of others
                told(name, _stumbled(name, fault))
    finally:
        stop.set()
        for watcher in watchers:
            watcher.join()


def _wait(ways: Ways, box: MailboxSettings, due: queue.SimpleQueue[str], stop: threading.Event, every: float) -> None:
    pause = 1.0

    def sound() -> None:
        nonlocal pause
        pause = 1.0

    while not stop.is_set():
        if box.maildir is not None:
            due.put(box.name)
            stop.wait(min(every, WITHOUT_IDLE))
            continue
        try:
            _idle(ways, box, due, stop, every, sound)
        except Exception as fault:  # noqa: BLE001 - reading tells what is wrong, and tries again
            silent = isinstance(fault, GestandError) and fault.code == "imap-no-idle"
            if not silent:
                due.put(box.name)
            stop.wait(min(every, WITHOUT_IDLE) if silent else pause)
            pause = min(pause * 2, LATEST)


def _stumbled(name: str, fault: Exception) -> GestandError:
    return GestandError(
        "mailbox-not-read",
        f"reading this mailbox failed inside the program: {type(fault).__name__}",
        where=f"mail.mailboxes.{name}",
        remedy="What was read is kept, and it is tried again. If it stays so, report it: see SECURITY.md.",
    )


def _idle(  # noqa: PLR0917 - what waiting needs
    ways: Ways,
    box: MailboxSettings,
    due: queue.SimpleQueue[str],
    stop: threading.Event,
    every: float,
    sound: Callable[[], None],
) -> None:
    """Read everything, then wait on one connection until it is time to do so again.

    It is read once the server has been asked to tell: what comes in before is read, what comes in after is told.
    """
    mailbox = ways.open_imap(box)
    try:
        mailbox.examine(INBOX)
        due.put(box.name)
        waited = 0.0
        while not stop.is_set() and waited < every:
            step = min(AT_ONCE, every - waited)
            if mailbox.wait(step, stop):
                due.put(box.name)
            waited += step
            sound()
    finally:
        mailbox.close()
