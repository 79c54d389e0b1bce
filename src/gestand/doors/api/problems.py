"""Errors as problem details (RFC 9457): the codes and remedies of every other door, and never what was sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response

from gestand.doors.api.bodies import Body
from gestand.kernel.errors import DamagedError, GestandError, InputError, RefusedError, UsageError

LOG = logging.getLogger("gestand.api")
MEDIA = "application/problem+json"
STATUS = {
    "token": 401,
    "too-often": 429,
    "idempotency-other": 409,
    "idempotency-needed": 400,
    "post-busy": 409,
    "body": 400,
    "opendsr": 400,
    "opendsr-not-set": 404,
    "drp-exercise": 400,
    "drp-identity": 400,
}
"""Statuses by code, where the class of the error does not tell it."""
UNKNOWN = ("unknown-subject", "unknown-dossier", "subject-unknown")
"""Codes of what is not there, beside those that end in ``-unknown``: 404."""
SHORTEST = 3
"""Characters from which on a text that was sent is taken out of what is answered."""


def status_of(fault: GestandError) -> int:
    """Return the HTTP status of an error."""
    if fault.code in STATUS:
        return STATUS[fault.code]
    if isinstance(fault, DamagedError):
        return 503
    if isinstance(fault, RefusedError):
        return 403
    if fault.code in UNKNOWN or fault.code.endswith("-unknown"):
        return 404
    return 422 if isinstance(fault, UsageError) else 409


def problem(fault: GestandError, *, sent: object = None, path: str = "") -> Response:
    """Return an error as problem+json; texts of ``sent`` that stand in it are blanked. ``path``: what was asked."""
    words = sorted(set(_texts(sent)), key=len, reverse=True)
    told: dict[str, Any] = {
        "type": f"urn:gestand:error:{fault.code}",
        "title": fault.code.replace("-", " "),
        "status": status_of(fault),
        "detail": _without(fault.message, words),
        "code": fault.code,
        "remedy": _without(fault.remedy, words),
    }
    if isinstance(fault, RefusedError) and fault.clause:
        told["clause"] = fault.clause
    if isinstance(fault, InputError):
        told["problems"] = [
            {"code": one.code, "detail": _without(one.message, words), "remedy": _without(one.remedy, words)}
            for one in fault.problems
        ]
    return answer(in_words_of(path, told))


def in_words_of(path: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error with what a protocol of others wants of it beside: Data Rights Protocol 3.06, OpenDSR 7.6."""
    if path.startswith("/api/drp/"):
        fatal = told["status"] in {400, 422}
        return {**told, "code": str(told["status"]), "message": told["detail"], "reason": told["code"], "fatal": fatal}
    if path.startswith("/api/opendsr/"):
        one = {"domain": "gestand", "reason": told["code"], "message": told["detail"]}
        return {**told, "error": {"code": told["status"], "message": told["detail"], "errors": [one]}}
    return dict(told)


def answer(told: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return problem details as a response."""
    more = (
        {"www-authenticate": "Bearer"}
        if told["status"] == 401
        else {"retry-after": "1"}
        if told["status"] == 429
        else {}
    )
    return Response(
        json.dumps(told, ensure_ascii=False),
        status_code=told["status"],
        media_type=MEDIA,
        headers={**more, **(headers or {})},
    )


def plain(status: int, code: str, detail: str, remedy: str) -> Response:
    """Return a problem that no room raised: a path, a method, a size."""
    return answer({
        "type": f"urn:gestand:error:{code}", "title": code.replace("-", " "), "status": status, "detail": detail,
        "code": code, "remedy": remedy,
    })  # fmt: skip


async def refused(request: Request, fault: Exception) -> Response:
    """Answer an error that a room raised on purpose."""
    assert isinstance(fault, GestandError)
    if isinstance(fault, DamagedError):
        LOG.error("api: %s", fault.code)
    sent = getattr(request.state, "sent", None)
    return problem(
        fault, sent=[sent, list(request.path_params.values()), dict(request.query_params)], path=request.url.path
    )


async def unsound(request: Request, fault: Exception) -> Response:
    """Answer a request that has not the form of the document: which keys, and what each should be."""
    assert isinstance(fault, RequestValidationError)
    problems = [
        {"code": str(one["type"]), "detail": f"{_place(one['loc'])}: {_meaning(str(one['type']))}", "remedy": "See /api/openapi.json."}
        for one in fault.errors()[:50]
    ]  # fmt: skip
    return answer(in_words_of(request.url.path, {
        "type": "urn:gestand:error:body", "title": "body", "status": 422, "detail": "the request has not the form that is asked",
        "code": "body", "remedy": "Mend what is listed.", "problems": problems,
    }))  # fmt: skip


def _place(parts: tuple[object, ...]) -> str:
    known = [str(one) for one in parts if isinstance(one, int) or (isinstance(one, str) and one in _names())]
    return ".".join(known) or "request"


def _meaning(kind: str) -> str:
    return {"missing": "is missing", "extra_forbidden": "a key that is not asked for", "json_invalid": "no JSON"}.get(
        kind, "is not what is asked: " + kind.replace("_", " ")
    )


NAMED = frozenset({
    "body", "query", "path", "header", "subject", "limit", "after", "until", "first", "version", "language",
    "Idempotency-Key", "idempotency-key",
})  # fmt: skip


@cache
def _names() -> frozenset[str]:
    """Return the names that a problem may speak: ours. A key that a caller made up is not said back."""
    found, waiting = set(NAMED), [Body]
    while waiting:
        kind = waiting.pop()
        found |= set(kind.model_fields)
        waiting += kind.__subclasses__()
    return frozenset(found)


def _texts(sent: object) -> Iterator[str]:
    if isinstance(sent, str):
        if len(sent) >= SHORTEST:
            yield sent
    elif isinstance(sent, Mapping):
        for name, value in sent.items():
            yield from _texts(name)
            yield from _texts(value)
    elif isinstance(sent, list | tuple):
        for one in sent:
            yield from _texts(one)


def _without(text: str, words: list[str]) -> str:
    for word in words:
        text = text.replace(word, "…")
    return text
