"""A help desk behind HTTP, a process of its own with nothing but the standard library: contacts, and tickets that hang from them.

    python records_service.py PORT

It keeps what it holds in memory; ``PUT /all`` replaces it (a backup that is put back), ``GET /all`` gives it whole.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HELD: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}, "tickets": {}}


class Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path.strip("/"), parse_qs(urlsplit(self.path).query)
        if path == "all":
            self._answer(200, HELD)
            return
        wanted = {name: values[0].lower() for name, values in asked.items()}
        found = [
            one
            for one in HELD[path].values()
            if all(str(one.get(name, "")).lower() == said for name, said in wanted.items())
        ]
        self._answer(200, found)

    def do_PUT(self) -> None:
        HELD.clear()
        HELD.update(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(200, {})

    def do_DELETE(self) -> None:
        kind, _, key = self.path.strip("/").partition("/")
        self._answer(200 if HELD[kind].pop(key, None) else 404, {})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, said: object) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Desk).serve_forever()
