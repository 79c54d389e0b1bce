"""One call to an HTTP service: to the granted address under the service's own name, without redirects or proxies, limited in size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.declared import Endpoint, HttpDeclared, Paging
from gestand.sources.model import SourceName
from gestand.sources.place import SourcePlace

GONE = object()
"""The answer of a call about something that is not there."""


class Asking:
    """Calls one declared service. Use it as a context; the connection is closed at its end."""

    def __init__(self, name: SourceName, declared: HttpDeclared, place: SourcePlace) -> None:
        self._name = name
        self._declared = declared
        url = urlsplit(declared.url)
        self._host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        if url.scheme == "http" and not declared.near:
            raise RefusedError(
                "source-unencrypted",
                "a service beyond this network is asked over https alone",
                where=name,
                remedy="Write https:// in its url, or near = true if it stands in a private network.",
            )
        granted = place.grant(self._host, port, near=declared.near)
        address = f"[{granted.address}]" if ":" in granted.address else granted.address
        self._base = f"{url.scheme}://{address}:{port}{url.path.rstrip('/')}"
        shown = self._host if url.port is None else f"{self._host}:{url.port}"
        self._head = {"Host": shown, "Accept": "application/json", **self._auth(place)}
        self._client = httpx.Client(trust_env=False, follow_redirects=False, timeout=declared.timeout_seconds)

    def _auth(self, place: SourcePlace) -> dict[str, str]:
        auth, where = self._declared.auth, f"sources/{self._name}.toml"
        if auth.secret:
            return {auth.header: auth.prefix + place.secret(auth.secret, where)}
        if auth.user and auth.password:
            import base64

            pair = f"{place.secret(auth.user, where)}:{place.secret(auth.password, where)}".encode()
            return {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        return {}

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def call(
        self, endpoint: Endpoint, values: Mapping[str, str], *, body: Any = None, query: Mapping[str, str] | None = None
    ) -> Any:
        """Return what a call answers: parsed JSON, None where it says nothing, ``GONE`` where it is not there.

        :raises GestandError: ``source-unreachable``, ``source-failed``.
        """
        path = _filled(endpoint.path, {name: quote(value, safe="") for name, value in values.items()})
        asked = {name: _filled(said, values) for name, said in endpoint.query.items()} | dict(query or {})
        sent = (
            body if body is not None else {name: _filled(said, values) for name, said in endpoint.body.items()} or None
        )
        try:
            with self._client.stream(
                endpoint.method, self._base + path, params=asked, json=sent, headers=self._head,
                extensions={"sni_hostname": self._host},
            ) as answer:  # fmt: skip
                if answer.status_code in endpoint.gone:
                    return GONE
                if answer.status_code not in endpoint.done:
                    raise self._failed(f"it answered {answer.status_code} to {endpoint.method} {endpoint.path}")
                content = self._read(answer)
        except httpx.HTTPError as fault:
            raise GestandError(
                "source-unreachable",
                f"the service does not answer: {type(fault).__name__}",
                where=self._name,
                remedy="Try again when it runs, or mend its url.",
            ) from None
        if not content.strip():
            return None
        try:
            return json.loads(content)
        except ValueError:
            raise self._failed(f"it answered no JSON to {endpoint.method} {endpoint.path}") from None

    def _read(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        for some in answer.iter_bytes():
            content += some
            if len(content) > self._declared.size_cap:
                raise self._failed(f"it answered more than {self._declared.size_cap} bytes")
        return bytes(content)

    def _failed(self, why: str) -> GestandError:
        return GestandError(
            "source-failed",
            why,
            where=self._name,
            remedy=f"Compare sources/{self._name}.toml with the service's manual.",
        )

    def records(
        self, endpoint: Endpoint, values: Mapping[str, str], paging: Paging | None
    ) -> Iterator[Mapping[str, Any]]:
        """Yield every record of a list, page by page.

        :raises GestandError: as ``call``; ``source-too-many`` if it has more pages than may be asked.
        """
        at: str | None = str(paging.first) if paging and paging.kind == "page" else ""
        for _ in range(paging.pages if paging else 1):
            query = {paging.parameter: at} if paging and at else {}
            answer = self.call(endpoint, values, query=query)
            found = [] if answer is GONE else at_path(answer, endpoint.records)
            listed = found if isinstance(found, list) else [found] if isinstance(found, dict) else []
            yield from (record for record in listed if isinstance(record, dict))
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


def at_path(answer: Any, path: str) -> Any:
    """Return what stands at ``a.b.c`` in an answer; the answer itself for an empty path, None where nothing is."""
    for part in path.split(".") if path else ():
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list) and part.isdigit() and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            return None
    return answer


def _text_at(answer: Any, path: str) -> str:
    found = at_path(answer, path)
    return "" if found is None else str(found)


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template
