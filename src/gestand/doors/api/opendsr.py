"""OpenDSR 2.0: this organisation as the processor of a controller, which passes on what its data subjects ask.

    GET    /api/opendsr/v2/discovery             what is served, and where the certificate is
    GET    /api/opendsr/v2/certificate           the certificate that answers are signed with
    POST   /api/opendsr/v2/requests              a request of a controller, by its own number
    GET    /api/opendsr/v2/requests/{number}     how it stands
    DELETE /api/opendsr/v2/requests/{number}     cancelled, while it is pending

Every answer about a request is signed over its body (RSA or ECDSA with SHA-256) and names the domain it is signed for.
The addresses among ``status_callback_urls`` of which the settings list the origin for this controller are told of every change
(``rights/callbacks.py``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from gestand.doors.api.access import House, needs
from gestand.doors.api.drp import Sent
from gestand.kernel.config import environment
from gestand.kernel.errors import UsageError
from gestand.rights.callbacks import Protocol
from gestand.rights.model import Channel, Closing, State, SubjectRequest
from gestand.rights.protocols import (
    accepted_opendsr,
    cancelled_opendsr,
    discovery_opendsr,
    read_opendsr,
    status_opendsr,
)
from gestand.rights.signing import Processor, not_set
from gestand.staff.programs import Program
from gestand.system import System

routes = APIRouter(prefix="/opendsr/v2", tags=["opendsr"])
Controller = Annotated[Program, Depends(needs("requests:processor"))]
NumberPath = Annotated[str, Path(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
IDENTITY = {
    "type": "object",
    "required": ["identity_type", "identity_value", "identity_format"],
    "properties": {
        "identity_type": {"type": "string"}, "identity_value": {"type": "string"}, "identity_format": {"type": "string"},
    },
}  # fmt: skip
ASKED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["regulation", "subject_request_id", "subject_request_type", "subject_identities",
                                 "submitted_time"],
                    "properties": {
                        "regulation": {"type": "string", "enum": ["gdpr"]},
                        "subject_request_id": {"type": "string", "format": "uuid"},
                        "subject_request_type": {"type": "string"},
                        "submitted_time": {"type": "string", "format": "date-time"},
                        "subject_identities": {"type": "array", "items": IDENTITY, "minItems": 1, "maxItems": 50},
                        "status_callback_urls": {"type": "array", "items": {"type": "string"}},
                    },
                }
            }
        },
    }
}  # fmt: skip


@routes.get("/discovery")
def discovery(house: House) -> dict[str, Any]:
    """Say which identities and kinds of request are served."""
    return discovery_opendsr(f"https://{_domain(house)}/api/opendsr/v2/certificate")


@routes.get("/certificate", response_class=Response)
def certificate(house: House) -> Response:
    """Give the certificate that answers are signed with (X.509, PEM)."""
    _domain(house)
    path = house.config.folder / house.config.passed_on.certificate
    try:
        content = path.read_bytes()
    except OSError:
        raise not_set() from None
    return Response(content, media_type="application/x-pem-file")


@routes.post("/requests", status_code=201, openapi_extra=ASKED, response_class=Response)
def receive(house: House, program: Controller, body: Sent) -> Response:
    """List what a controller passes on; sent again under the same number it is the same request."""
    _domain(house)
    asking = read_opendsr(_document(body), near=house.config.passed_on.near)
    with house.engine.transaction():  # looked up within it: the same number sent twice at once is one request
        found = house.outside.request_of(program.name, asking.subject_request_id)
        if found is None:
            made = house.requests.receive(
                asking.right, contact=_contact(asking.identities), channel=Channel.WEB, actor=program.actor
            )
            number = asking.subject_request_id
            house.outside.note(program.name, number, made.id)
            house.callbacks.note(
                made.id, asking.callbacks, program=program.name, number=number, protocol=Protocol.OPENDSR,
                known_as=program.name,
            )  # fmt: skip
        else:
            made = house.requests.one(found)
        answer = accepted_opendsr(
            asking, made, made.received_at, controller=program.name, encoded=base64.b64encode(body).decode("ascii")
        )
        return _sign(house, answer, 201)


@routes.get("/requests/{number}", response_class=Response)
def standing(house: House, program: Controller, number: NumberPath) -> Response:
    """Say how a request stands that this controller passed on."""
    found = _own(house, program, number)
    return _sign(house, status_opendsr(number, found, controller=program.name), 200)


@routes.delete("/requests/{number}", status_code=202, response_class=Response)
def cancel(house: House, program: Controller, number: NumberPath) -> Response:
    """Cancel a request while it is pending."""
    found = _own(house, program, number)
    if found.state is not State.RECEIVED:
        raise UsageError("opendsr", "it is not pending any more", where="request_status", remedy="Ask how it stands.")
    house.requests.close(found.id, Closing.WITHDRAWN, actor=program.actor)
    return _sign(house, cancelled_opendsr(number, house.clock(), controller=program.name), 202)


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, Mapping):
        raise UsageError("opendsr", "it is no JSON object", where="body", remedy="Send it as OpenDSR 2.0 has it.")
    return found


def _contact(identities: tuple[tuple[str, str], ...]) -> str:
    """Return by what the person is looked for: e-mail before telephone before the controller's own number."""
    ranked = ("email", "phone_number", "controller_customer_id")
    return min(identities, key=lambda one: ranked.index(one[0]))[1]


def _own(house: System, program: Program, number: str) -> SubjectRequest:
    found = house.outside.request_of(program.name, number)
    if found is None:
        raise UsageError("request-unknown", "this controller passed on no such request", remedy="Look at its number.")
    return house.requests.one(found)


def _processor(house: System) -> Processor:
    return Processor(house.config.passed_on, house.config.folder, environment)


def _domain(house: System) -> str:
    return _processor(house).domain


def _sign(house: System, document: Mapping[str, Any], status: int) -> Response:
    """Return a document with its signature over exactly the bytes that are sent."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(body, status, _processor(house).headers(body), "application/json")
