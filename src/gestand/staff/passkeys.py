"""Passkeys: what a browser is asked, and what it answers, verified (W3C Web Authentication, level 3).

The user is verified by the device (finger, face, code), the credential is discoverable (nobody types who they are), the
origin is exactly ours, and no attestation is asked: which device someone has is not our business. A counter that runs back
is no reason to refuse: passkeys that are synchronised do not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from gestand.kernel.errors import RefusedError
from gestand.kernel.ids import ActorId
from gestand.staff.model import CHALLENGE_LASTS, Passkey

CHALLENGE_SIZE = 32
_MILLISECONDS = int(CHALLENGE_LASTS.total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the office is: ``https://office.example.nl``, its host as the passkeys' own name, and the firm's name."""

    origin: str
    host: str
    firm: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A credential that a device made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_new(site: Site, person: ActorId, name: str, challenge: bytes, existing: Sequence[Passkey]) -> str:
    """Return the options (JSON) with which a browser makes a passkey; devices that have one already are left out."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.firm,
            user_name=name,
            user_display_name=name,
            user_id=person.encode(),
            challenge=challenge,
            timeout=_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in existing],
        )
    )


def verify_new(site: Site, answer: str, challenge: bytes) -> NewKey:
    """Return the credential that a browser made.

    :raises RefusedError: ``passkey`` whatever is wrong with it.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise _refused() from None
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def ask_known(site: Site, challenge: bytes) -> str:
    """Return the options (JSON) with which a browser shows a passkey; it names nobody, so nobody can be looked for."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            timeout=_MILLISECONDS,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def key_of(answer: str) -> str:
    """Return the SHA-256 (hex) of the credential id that an answer names.

    :raises RefusedError: ``passkey`` if it names none.
    """
    from webauthn.helpers import base64url_to_bytes

    try:
        return named(base64url_to_bytes(json.loads(answer)["rawId"]))
    except (ValueError, KeyError, TypeError):
        raise _refused() from None


def named(credential_id: bytes) -> str:
    """Return the name under which a credential is kept."""
    return hashlib.sha256(credential_id).hexdigest()


def verify_known(site: Site, answer: str, challenge: bytes, passkey: Passkey) -> int:
    """Return the counter of a passkey that was shown.

    :raises RefusedError: ``passkey`` whatever is wrong with it.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise _refused() from None
    return found.new_sign_count


def _refused() -> RefusedError:
    return RefusedError("passkey", "this passkey does not open the office", remedy="Try again, or use another one.")
