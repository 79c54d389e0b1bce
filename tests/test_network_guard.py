import socket

import pytest


def test_a_connection_to_another_machine_is_refused():
    with socket.socket() as outgoing, pytest.raises(AssertionError, match=r"a test (reached out|looked up)"):
        outgoing.connect(("192.0.2.1", 80))


def test_a_lookup_of_another_machine_is_refused():
    with pytest.raises(AssertionError, match=r"a test (reached out|looked up)"):
        socket.getaddrinfo("example.org", 443)
