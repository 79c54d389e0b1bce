"""An agent of the Data Rights Protocol and a controller of OpenDSR, as they stand before the doors: their keys, messages and clients."""

from __future__ import annotations

import base64
import datetime as dt
import json
from datetime import timedelta

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from doors.api.asking import Direct
from gestand.doors.api.app import api
from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place

EVA = CAST[4]
AGENT, BUSINESS = "AA_EXAMPLE", "KOPER"
EXERCISE = "/api/drp/v1/data-rights-request/"
NUMBER = "a7551968-d5d6-44b2-9831-815ac9017798"


def set_up(place: Place, key: Ed25519PrivateKey, more: str = ""):
    """Open an organisation that lets one agent in and is somebody's processor; ``more``: further lines of ``[rights]``."""
    public = key.public_key().public_bytes_raw().hex()
    signing = ec.generate_private_key(ec.SECP256R1())
    pem = signing.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    (place.folder / "keys").mkdir(exist_ok=True)
    secret = place.folder / "keys" / "opendsr.pem"
    secret.write_bytes(pem)
    secret.chmod(0o600)
    (place.folder / "opendsr.crt").write_bytes(certificate(signing))
    settings = place.folder / "gestand.toml"
    settings.write_text(
        settings.read_text("utf-8")
        + f'\n[rights]\ndrp_business = "{BUSINESS}"\ndrp_agents = ["{AGENT} {public}"]\n'
        + 'opendsr_domain = "privacy.example.nl"\nopendsr_key = "file:keys/opendsr.pem"\n'
        + 'opendsr_certificate = "opendsr.crt"\nportal_url = "https://privacy.example.nl/nl/portaal/"\n'
        + more,
        "utf-8",
    )
    return place.open()


def certificate(signing: ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "privacy.example.nl")])
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(signing.public_key())
    made = made.serial_number(1).not_valid_before(at).not_valid_after(at + timedelta(days=365))
    return made.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def client(house, token: str = "") -> httpx.Client:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(transport=Direct(api(house)), base_url="http://localhost", headers=headers, trust_env=False)


def signed(key: Ed25519PrivateKey, document: dict) -> bytes:
    message = json.dumps(document).encode()
    return base64.b64encode(key.sign(message) + message)


def document(house, **more) -> dict:
    now = house.clock()
    return {
        "agent-id": AGENT, "business-id": BUSINESS, "issued-at": now.isoformat(),
        "expires-at": (now + timedelta(minutes=15)).isoformat(), "drp.version": "0.9", "exercise": "access", "regime": "gdpr",
        "name": EVA.name, "email": EVA.email, "email_verified": True, **more,
    }  # fmt: skip


def admitted(house, key: Ed25519PrivateKey) -> str:
    given = client(house).post(f"/api/drp/v1/agent/{AGENT}", content=signed(key, document(house)))
    assert given.status_code == 200
    assert given.json()["agent-id"] == AGENT
    return str(given.json()["token"])


def passed_on(**more) -> dict:
    return {
        "regulation": "gdpr", "subject_request_id": NUMBER, "subject_request_type": "erasure",
        "submitted_time": "2026-12-01T08:00:00Z",
        "subject_identities": [
            {"identity_type": "controller_customer_id", "identity_value": "K-9", "identity_format": "raw"},
            {"identity_type": "email", "identity_value": EVA.email, "identity_format": "raw"},
        ], **more,
    }  # fmt: skip
