"""A thread that does one thing a moment after it was asked for, however often it was asked meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

from gestand.kernel.errors import GestandError


class Keeper:
    """Calls ``action`` at most ``pause`` seconds (and the time of the call) after ``wake``. Starts when first woken.

    An error of the program's own stops it and waits for the next ``wake``, which raises it: nobody goes on believing.
    """

    def __init__(self, name: str, action: Callable[[], None], pause: float) -> None:
        self._name = name
        self._action = action
        self._pause = pause
        self._due = False
        self._fault: GestandError | None = None
        self._bell = threading.Event()
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def check(self) -> None:
        """Go on only if the last action went well.

        :raises GestandError: what it raised.
        """
        if self._fault is not None:
            raise self._fault

    def wake(self) -> None:
        """Ask for the action.

        :raises GestandError: what it raised the last time.
        """
        self.check()
        if not self._due:
            self._due = True
            if self._thread is None:
                self._start()
            self._bell.set()

    def close(self) -> None:
        """Let the thread end; what is due is left to the caller."""
        self._leaving.set()
        self._bell.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None and not self._leaving.is_set():
                self._thread = threading.Thread(target=self._keep, name=self._name, daemon=True)
                self._thread.start()

    def _keep(self) -> None:
        while True:
            self._bell.wait()
            self._bell.clear()
            if self._leaving.wait(self._pause):
                return
            self._due = False  # before the action: what is asked for from here on is a new request
            try:
                self._action()
            except GestandError as fault:
                self._fault = fault
                return
