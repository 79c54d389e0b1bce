"""The load client of the web benchmark counts rightly, also what fails; the core is weighed."""

from __future__ import annotations

import http.server
import threading
import time

import pytest

from gestand.bench.loading import ask, fastest, paced
from gestand.bench.start import weigh
from gestand.system import open_system


class Slow(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(0.1)
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("content-length", "5")
        self.end_headers()
        self.wfile.write(b"whole")

    def log_message(self, *_words):
        pass


@pytest.fixture
def port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_client_counts_what_is_answered_and_what_is_not(port):
    assert ask("127.0.0.1", port, "/") == (200, b"whole")
    rate, failed = fastest("127.0.0.1", port, "/", seconds=0.3, lines=2)
    assert rate > 5
    assert failed == 0
    assert fastest("127.0.0.1", port, "/none", seconds=0.2, lines=2)[1] > 0


def test_at_a_steady_pace_waiting_counts_from_when_it_was_due(port):
    times, failed = paced("127.0.0.1", port, "/slow", rate=40, seconds=0.5, lines=1)
    assert (len(times), failed) == (20, 0)
    assert times[0] >= 0.09
    assert times[-1] > 0.8  # one line answers ten a second: the last one waited for those before it


def test_the_core_is_weighed_without_its_extras():
    core, own = weigh()
    assert 0.5 < own < 50
    assert own < core < 2000


def test_every_page_of_the_office_without_an_id_is_measured():
    from gestand.bench.office import PAGES
    from gestand.doors.office.table import routes

    there = {route.path for route in routes() if route.method == "GET" and "{" not in route.path}
    assert {path.partition("?")[0] for path in PAGES} == there - {
        "sources/preset"
    }  # one of its presets is asked by name


def test_the_office_is_measured_over_a_store_that_was_filled():
    from gestand.bench.office import EACH, measure
    from gestand.bench.served import organisation

    with organisation() as firm:
        results = measure(firm, 20 * EACH, 1)
        with open_system(firm) as house:
            counts = house.vault.counts()
    assert counts.items >= 20 * EACH
    assert all(one.ours > 0 and one.unit == "ms" and one.size == 20 * EACH for one in results)
    assert {"page today", "page people/{subject}", "find people/find klant7"} <= {one.name for one in results}


def test_the_first_page_is_weighed_with_what_it_fetches(place):
    from doors.public.visiting import Browser
    from gestand.bench.served import Served
    from gestand.bench.web import BESIDE, _fetched

    browser = Browser(place)
    page = browser.get("/nl/").body
    assert BESIDE.search(page)

    import gestand.bench.web as bench

    asked = []

    def ask(_host, _port, path):
        asked.append(path)
        return 200, browser.get(path).body

    original, bench.ask = bench.ask, ask
    try:
        beside = _fetched(Served("", 0, 0, 0.0), page)
    finally:
        bench.ask = original
    assert sorted(asked) == ["/static/source-sans-3-400.woff2", "/static/source-sans-3-600.woff2", "/static/style.css"]
    assert len(page) + len(beside) < 100_000
    assert b"<script" not in page
