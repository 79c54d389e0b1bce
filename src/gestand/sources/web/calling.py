"""One server that is called: at its granted address, under its own name, without redirects or proxies, limited in size."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from gestand.kernel.errors import GestandError, RefusedError
from gestand.sources.declared import HttpDeclared
from gestand.sources.model import SourceName
from gestand.sources.place import SourcePlace


class Server:
    """Calls one server of a declared service. ``url``: where it is; a path in it stands before every path that is called.

    :raises RefusedError: ``source-unencrypted``; as the gate for connections.
    """

    def __init__(self, name: SourceName, url: str, declared: HttpDeclared, place: SourcePlace) -> None:
        self._name = name
        self._size_cap = declared.size_cap
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme == "http" and not declared.near:
            raise RefusedError(
                "source-unencrypted",
                "a service beyond this network is asked over https alone",
                where=name,
                remedy="Write https:// in its url, or near = true if it stands in a private network.",
            )
        granted = place.grant(self._host, port, near=declared.near)
        address = f"[{granted.address}]" if ":" in granted.address else granted.address
        self._base = f"{parts.scheme}://{address}:{port}{parts.path.rstrip('/')}"
        shown = self._host if parts.port is None else f"{self._host}:{parts.port}"
        self._head = {"Host": shown, "Accept": "application/json"}
        self._client = httpx.Client(trust_env=False, follow_redirects=False, timeout=declared.timeout_seconds)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def ask(
        self,
        method: str,
        path: str,
        head: Mapping[str, str],
        read: Container[int],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return the status of an answer, and what it says if its status is one of ``read``.

        :raises GestandError: ``source-unreachable``; ``source-failed`` for an answer that is too large.
        """
        try:
            with self._client.stream(
                method, self._base + path, params=query or {}, json=body, data=form, headers={**self._head, **head},
                extensions={"sni_hostname": self._host},
            ) as answer:  # fmt: skip
                return answer.status_code, self._read(answer) if answer.status_code in read else b""
        except httpx.HTTPError as fault:
            raise GestandError(
                "source-unreachable",
                f"the service does not answer: {type(fault).__name__}",
                where=self._name,
                remedy="Try again when it runs, or mend its url.",
            ) from None

    def _read(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        for some in answer.iter_bytes():
            content += some
            if len(content) > self._size_cap:
                raise failed(self._name, f"it answered more than {self._size_cap} bytes")
        return bytes(content)


def failed(name: SourceName, why: str) -> GestandError:
    """Return that a service does not answer as its file says."""
    return GestandError(
        "source-failed", why, where=name, remedy=f"Compare sources/{name}.toml with the service's manual."
    )


def parsed(name: SourceName, content: bytes, call: str) -> Any:
    """Return what an answer says: JSON, None where it is empty.

    :raises GestandError: ``source-failed`` for anything else.
    """
    if not content.strip():
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise failed(name, f"it answered no JSON to {call}") from None


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


def has_path(answer: Any, path: str) -> bool:
    """Say whether an answer names ``a.b.c``, though nothing (``null``) may stand there."""
    before, _, last = path.rpartition(".")
    held = at_path(answer, before)
    return (isinstance(held, dict) and last in held) or (isinstance(held, list) and last.isdigit())


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in the places of a template that name them."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template
