"""People who come into a whole house with a password and an app: their passkeys are tried in a real browser."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import ActorId
from gestand.staff import passwords
from gestand.staff.dpop import Proof
from gestand.staff.model import How, Person
from gestand.staff.passwords import NewPassword
from gestand.system import System


def keeper(house: System, name: str) -> Person:
    """Let somebody in who lets others in."""
    policy = house.publication.in_force().policy
    code = house.staff.first_link(policy) or house.staff.invite(["owner"], keeper=True, policy=policy, actor=ActorId("owner"))  # fmt: skip
    return _entered(house, name, code)


def colleague(house: System, name: str) -> Person:
    """Let somebody in who lets nobody in."""
    policy = house.publication.in_force().policy
    return _entered(house, name, house.staff.invite(["owner"], keeper=False, policy=policy, actor=ActorId("owner")))


def _entered(house: System, name: str, code: str) -> Person:
    secret = passwords.new_secret(system_entropy)
    wanted = NewPassword(f"{name} login", "een heel lang wachtwoord", secret, _code(secret, house.clock()))
    entered = house.staff.enrol_password(code, "", name, wanted)
    return house.staff.person(entered.person.id)


def begin(house: System, person: Person) -> str:
    """Begin a session of somebody; return its id."""
    proof = Proof(f"thumbprint of {person.id}", f"{person.id} {house.clock()}", house.clock() + timedelta(minutes=1))
    return house.staff.begin(person, proof, How.PASSWORD).session.id


def _code(secret: bytes, now: datetime) -> str:
    return TOTP(secret, 6, hashes.SHA1(), 30).generate(int(now.timestamp())).decode()  # noqa: S303 - RFC 6238
