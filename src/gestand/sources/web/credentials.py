"""How we are known to a service: a secret in a header, name and password, or a token that it gives for a while.

A token is asked for when the first call needs one, is kept in memory alone, and is asked for anew once a call says that it no
longer counts (401, RFC 9110 section 15.5.2). Nothing that was sent for it, or that a service said to it, stands in an error.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urlsplit

from gestand.kernel.errors import GestandError
from gestand.sources.declared import Auth, HttpDeclared, Session
from gestand.sources.model import SourceName
from gestand.sources.place import SourcePlace
from gestand.sources.web.calling import Server, at_path, failed, filled, parsed

GIVEN: Final = (HTTPStatus.OK, HTTPStatus.CREATED)
_TOKEN: Final = re.compile(r"[!-~]{1,8192}")
"""What a header can carry: visible ASCII."""


class Credentials(Protocol):
    """What a call carries to be let in."""

    def head(self) -> Mapping[str, str]:
        """Return the headers of the next call."""
        ...

    def refused(self) -> bool:
        """Hear that a call was not let in; say whether it is worth another try."""
        ...

    def close(self) -> None:
        """End what was begun."""
        ...


def credentials(name: SourceName, declared: HttpDeclared, place: SourcePlace, server: Server) -> Credentials:
    """Return how a declared service knows us. ``server``: the service itself."""
    if declared.auth.session is not None:
        return _Token(name, declared, declared.auth.session, place, server)
    return _Fixed(_standing(name, declared.auth, place))


class _Fixed:
    """The same headers with every call."""

    def __init__(self, head: Mapping[str, str]) -> None:
        self._head = head

    def head(self) -> Mapping[str, str]:
        return self._head

    def refused(self) -> bool:
        return False

    def close(self) -> None:
        pass


class _Token:
    """A token of a session. A service that lets one in and then refuses its token is asked for one more, and no further."""

    def __init__(
        self, name: SourceName, declared: HttpDeclared, session: Session, place: SourcePlace, server: Server
    ) -> None:
        self._name = name
        self._declared = declared
        self._session = session
        self._place = place
        self._server = server
        self._token = ""

    def head(self) -> Mapping[str, str]:
        self._token = self._token or self._asked()
        return {self._declared.auth.header: self._declared.auth.prefix + self._token}

    def refused(self) -> bool:
        had, self._token = self._token, ""
        return bool(had)

    def close(self) -> None:
        end = self._session.end
        if end is None or not self._token:
            return
        with suppress(GestandError):  # it ends by itself too, and what was asked was answered
            self._server.ask(end.method, end.path, self.head(), ())
        self._token = ""

    def _asked(self) -> str:
        body = {name: filled(said, self._secrets(said)) for name, said in self._session.body.items()}
        status, content = self._post({"form": body} if self._session.form else {"body": body})
        if status not in GIVEN:
            raise failed(self._name, f"it gave no session: it answered {status}")
        token = at_path(parsed(self._name, content, "a session"), self._session.field)
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise failed(self._name, f"it gave no session: there is no token at '{self._session.field}' in its answer")
        return token

    def _post(self, sent: Mapping[str, Mapping[str, str]]) -> tuple[int, bytes]:
        url = urlsplit(self._session.url)
        if not url.netloc:
            return self._server.ask("POST", url.path, {}, GIVEN, **sent)
        there = Server(self._name, f"{url.scheme}://{url.netloc}", self._declared, self._place)
        try:
            return there.ask("POST", url.path, {}, GIVEN, **sent)
        finally:
            there.close()

    def _secrets(self, said: str) -> Mapping[str, str]:
        auth, where = self._declared.auth, f"sources/{self._name}.toml"
        named = {"secret": auth.secret, "user": auth.user, "password": auth.password}
        return {
            name: self._place.secret(setting, where)
            for name, setting in named.items()
            if setting and "{" + name + "}" in said
        }


def _standing(name: SourceName, auth: Auth, place: SourcePlace) -> Mapping[str, str]:
    where = f"sources/{name}.toml"
    if auth.secret:
        return {auth.header: auth.prefix + place.secret(auth.secret, where)}
    if auth.user and auth.password:
        pair = f"{place.secret(auth.user, where)}:{place.secret(auth.password, where)}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}
    return {}
