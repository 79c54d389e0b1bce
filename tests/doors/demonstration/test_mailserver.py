"""The mail server of the demonstration stops in peace, also while those who talked to it are leaving."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from gestand.doors.demonstration.mailserver import HOST, mail_server

ROUNDS = 25


def test_it_closes_while_clients_leave(monkeypatch: pytest.MonkeyPatch):
    stop = asyncio.SelectorEventLoop._stop_serving

    def slowly(self, listening):
        """Stop listening, and leave a client time to go between what closing reads and what it writes."""
        stop(self, listening)
        time.sleep(0.005)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "_stop_serving", slowly)
    for _ in range(ROUNDS):
        with mail_server() as server:
            clients = [socket.create_connection((HOST, server.port), timeout=5) for _ in range(3)]
            for client in clients:
                assert client.recv(3) == b"220"
            for client in clients:
                client.close()
