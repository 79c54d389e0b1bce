"""The signature of a processor under OpenDSR: over exactly the bytes that are sent, with the key that the settings name."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gestand.kernel.config_passed_on import PassedOnSettings
from gestand.kernel.errors import RefusedError
from gestand.kernel.secret import read_secret


@dataclass(frozen=True, slots=True)
class Processor:
    """This organisation as a processor: its settings, its folder, and where variables are read."""

    settings: PassedOnSettings
    folder: Path
    variable: Callable[[str], str | None]

    @property
    def domain(self) -> str:
        """The domain that answers are signed for.

        :raises RefusedError: ``opendsr-not-set`` if this organisation is set up as nobody's processor.
        """
        settings = self.settings
        if not (settings.domain and settings.key and settings.certificate):
            raise not_set()
        return settings.domain

    def headers(self, body: bytes) -> dict[str, str]:
        """Return the headers that sign a body (RSA PKCS #1 v1.5 or ECDSA, SHA-256).

        :raises RefusedError: ``opendsr-not-set``, also for a key of another kind.
        """
        signature = base64.b64encode(self._signature(body)).decode("ascii")
        return {"x-opendsr-processor-domain": self.domain, "x-opendsr-signature": signature}

    def _signature(self, body: bytes) -> bytes:
        where = "gestand.toml: rights.opendsr_key"
        text = read_secret(self.settings.key, self.folder, variable=self.variable, where=where)
        try:
            key = load_pem_private_key(text.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise not_set() from None
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(body, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(body, ec.ECDSA(hashes.SHA256()))
        raise not_set()


def not_set() -> RefusedError:
    """Return the refusal of who is nobody's processor."""
    return RefusedError(
        "opendsr-not-set",
        "this organisation is set up as nobody's processor",
        where="gestand.toml: rights",
        remedy="Name opendsr_domain, opendsr_key and opendsr_certificate there.",
    )
