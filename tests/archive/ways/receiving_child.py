"""Receives in a process that can be killed: for each line on standard input a child is forked, whose pid and port are told."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from archive_house import house
from gestand.archive.ways.receiver import receive
from gestand.kernel.config_mail import ReceiverSettings


def child(folder: Path) -> None:
    with house(folder) as found:
        receive(
            ReceiverSettings(port=0), found.archive, clock=found.clock, stop=threading.Event(),
            ready=lambda port: print(os.getpid(), port, flush=True),
        )  # fmt: skip


if __name__ == "__main__":
    for _ in sys.stdin:
        if os.fork() == 0:
            child(Path(sys.argv[1]))
            os._exit(0)
        os.waitpid(-1, 0)
        print("gone", flush=True)
