"""``gestand api webhook``: an address is added, tried, given a new secret and removed at the command line."""

from __future__ import annotations

import http.server
import threading

import pytest


@pytest.fixture
def hook():
    heard = []

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()


def test_a_webhook_is_tried_and_gets_a_new_secret(gestand, hook):
    url, heard = hook
    added = gestand("api", "webhook", "add", url, "--event", "request.received", "--near", "--json").document
    tried = gestand("api", "webhook", "test", added["id"], "--json")
    assert (tried.status, tried.document) == (0, {"id": added["id"], "taken": True, "code": ""})
    assert b"webhook.trial" in heard[0]
    renewed = gestand("api", "webhook", "rotate", added["id"], "--json").document
    assert renewed["id"] == added["id"]
    assert renewed["secret"] != added["secret"]
    gone = gestand(
        "api", "webhook", "add", "http://127.0.0.1:9/", "--event", "request.received", "--near", "--json"
    ).document
    failed = gestand("api", "webhook", "test", gone["id"])
    assert failed.status == 1
    assert "webhook-silent" in failed.out
    assert gestand("api", "webhook", "rotate", "whk_" + "a" * 16).status == 2
