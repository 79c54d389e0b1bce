"""One declared HTTP service: its calls, and the pages of its lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from gestand.kernel.errors import GestandError
from gestand.sources.declared import Endpoint, HttpDeclared, Paging
from gestand.sources.model import SourceName
from gestand.sources.place import SourcePlace
from gestand.sources.web.calling import Server, at_path, failed, filled, has_path, parsed
from gestand.sources.web.credentials import credentials

GONE = object()
"""The answer of a call about something that is not there."""


class Asking:
    """Calls one declared service. Use it as a context; the connection is closed at its end, and a session ended."""

    def __init__(self, name: SourceName, declared: HttpDeclared, place: SourcePlace) -> None:
        self._name = name
        self._server = Server(name, declared.url, declared, place)
        self._credentials = credentials(name, declared, place, self._server)

    def close(self) -> None:
        """Close the connection."""
        self._credentials.close()
        self._server.close()

    def call(
        self, endpoint: Endpoint, values: Mapping[str, str], *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        """Return what a call answers: parsed JSON, None where it says nothing, ``GONE`` where it is not there.

        :raises GestandError: ``source-unreachable``, ``source-failed``.
        """
        path = filled(endpoint.path, {name: quote(value, safe="") for name, value in values.items()})
        asked = {name: filled(said, values) for name, said in endpoint.query.items()} | dict(query or {})
        sent = (
            body if body is not None else {name: filled(said, values) for name, said in endpoint.body.items()} or None
        )

        def ask() -> tuple[int, bytes]:
            head = self._credentials.head()
            return self._server.ask(endpoint.method, path, head, endpoint.done, query=asked, body=sent)

        status, content = ask()
        if status == HTTPStatus.UNAUTHORIZED and self._credentials.refused():
            status, content = ask()
        if status in endpoint.gone:
            return GONE
        if status not in endpoint.done:
            raise failed(self._name, f"it answered {status} to {endpoint.method} {endpoint.path}")
        return parsed(self._name, content, f"{endpoint.method} {endpoint.path}")

    def records(
        self, endpoint: Endpoint, values: Mapping[str, str], paging: Paging | None, key: str
    ) -> Iterator[Mapping[str, Any]]:
        """Yield every record of a list, page by page; each says at ``key`` which one it is.

        :raises GestandError: as ``call``; ``source-too-many`` if it has more pages than may be asked.
        """
        at: str | None = str(paging.first) if paging and paging.kind == "page" else ""
        for _ in range(paging.pages if paging else 1):
            query = {paging.parameter: at} if paging and at else {}
            answer = self.call(endpoint, values, query=query)
            listed = self._listed(endpoint, answer)
            for record in listed:
                if not isinstance(record, dict) or not names_one(at_path(record, key)):
                    shown = f"at '{endpoint.records}'" if endpoint.records else "as answer"
                    raise failed(
                        self._name,
                        f"a record of {endpoint.method} {endpoint.path} ({shown}) has no '{key}' to name it by",
                    )
                yield record
            if paging is None or not listed:
                return
            at = str(int(at or "1") + 1) if paging.kind == "page" else _text_at(answer, paging.next)
            if not at:
                return
        raise GestandError(
            "source-too-many",
            f"it has more than {paging.pages if paging else 1} pages",
            where=self._name,
            remedy="Raise pages in its file.",
        )

    def _listed(self, endpoint: Endpoint, answer: Any) -> list[Any]:
        """Return the records of an answer; none where it says nothing, or says so.

        :raises GestandError: ``source-failed`` where nothing stands at the path that is declared, or no list and no object.
        """
        if answer is GONE or answer is None or (answer == {} and not endpoint.records):
            return []
        found = at_path(answer, endpoint.records)
        if isinstance(found, list):
            return found
        if isinstance(found, dict):
            return [found]
        if found is None and (endpoint.optional or has_path(answer, endpoint.records)):
            return []
        raise failed(
            self._name, f"the answer to {endpoint.method} {endpoint.path} has no records at '{endpoint.records}'"
        )


def names_one(value: Any) -> bool:
    """Say whether a value can name a record: a number or a text."""
    return isinstance(value, int | float | str) and not isinstance(value, bool) and value != ""


def _text_at(answer: Any, path: str) -> str:
    found = at_path(answer, path)
    return "" if found is None else str(found)
