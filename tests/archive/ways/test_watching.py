"""Watching goes on, whatever one mailbox does to it, and comes back soon to one that was sound."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace

from gestand.archive.ways import watching
from gestand.archive.ways.model import PullOutcome
from gestand.kernel.config_mail import MailboxSettings, ServerSettings
from gestand.kernel.errors import GestandError


def box(name: str) -> MailboxSettings:
    server = ServerSettings("localhost", 1, "none", "u", "env:P", near=True)
    return MailboxSettings(name, f"{name}@example.nl", server)


class Line:
    """A connection that waits so many times, and breaks then."""

    def __init__(self, waits: int, fault: Exception) -> None:
        self.left, self.fault = waits, fault

    def examine(self, _folder: object) -> None:
        return

    def wait(self, _seconds: float, _stop: threading.Event) -> bool:
        self.left -= 1
        if self.left < 0:
            raise self.fault
        return False

    def close(self) -> None:
        return


class Pauses(threading.Event):
    """Notes how long is waited, and is set after so many waits."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.found = most, []

    def wait(self, timeout: float | None = None) -> bool:
        self.found.append(timeout)
        if len(self.found) == self.most:
            self.set()
        return self.is_set()


def pauses(waits: int, fault: Exception) -> list[float]:
    stop = Pauses(6)
    ways = SimpleNamespace(open_imap=lambda _box: Line(waits, fault))
    watching._wait(ways, box("info"), queue.SimpleQueue(), stop, 600.0)
    return stop.found


def test_a_server_that_ends_each_sound_connection_is_asked_again_at_once():
    assert pauses(25, GestandError("mail-connection", "hung up")) == [1.0] * 6


def test_a_server_that_never_lets_wait_is_asked_less_and_less():
    assert pauses(0, GestandError("mail-connection", "hung up")) == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]


def test_what_waiting_stumbles_over_is_tried_again():
    assert pauses(0, ValueError("what a server said")) == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]


def test_what_reading_one_mailbox_stumbles_over_is_told_and_ends_not_the_reading_of_others():
    stop, found = threading.Event(), {}

    class Ways:
        settings = SimpleNamespace(mailboxes=(box("info"), box("winkel")))

        def open_imap(self, _box: object) -> Line:
            return Line(10_000, GestandError("mail-connection", "hung up"))

        def pull(self, name: str) -> PullOutcome:
            if name == "info":
                raise ValueError("what a server said")
            return PullOutcome(name, new=1)

    def told(name: str, outcome: PullOutcome | GestandError) -> None:
        found[name] = outcome
        if len(found) == 2:
            stop.set()

    threading.Timer(20, stop.set).start()
    watching.watch(Ways(), stop=stop, told=told)
    assert found["winkel"].new == 1
    assert found["info"].code == "mailbox-not-read"
    assert "what a server said" not in found["info"].message  # it may quote a message
