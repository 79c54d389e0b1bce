"""The demonstration's website: who leaves in the middle of an answer is no fault, and nothing is told of them."""

from __future__ import annotations

import socket
import struct
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gestand.doors.demonstration.website import hosted


def test_a_browser_that_leaves_in_the_middle_leaves_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "large.bin").write_bytes(bytes(8_000_000))
    with hosted(tmp_path) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port), 10) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset at the end
            line.sendall(b"GET /large.bin HTTP/1.0\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.0 200")
        for _ in range(100):
            if not any("process_request_thread" in thread.name for thread in threading.enumerate()):
                break
            time.sleep(0.02)
    assert capfd.readouterr().err == ""
