"""Coming in over the web: the questions a browser is asked and its answers, as small JSON. Only the worker gets a token.

The challenge travels in a sealed ticket, because nothing is stored on the device and nothing waits on the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from gestand.doors.office.picture import picture_of
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.staff import passwords
from gestand.staff.dpop import Proof, verify_proof
from gestand.staff.model import CHALLENGE_LASTS, Enrolled, How, Person, Session, SignedIn
from gestand.staff.passkeys import Site
from gestand.staff.passwords import NewPassword
from gestand.system import System

SIGN_IN, ENROL, FRESH, ANOTHER, APP = "sign-in", "enrol", "fresh", "another", "app"


class Gate:
    """The verbs before and around a session, each from parsed JSON to JSON."""

    def __init__(self, house: System, site: Site) -> None:
        self._house = house
        self._site = site

    @property
    def open_verbs(self) -> Mapping[str, Callable[[Mapping[str, Any], str, str], dict[str, Any]]]:
        """What may be asked without a session: called with the body, the proof and the address it must be for."""
        return {
            "sign-in/begin": self._begin,
            "sign-in/finish": self._finish,
            "sign-in/password": self._password,
            "enrol/begin": self._enrol_begin,
            "enrol/finish": self._enrol_finish,
            "enrol/password": self._enrol_password,
        }

    @property
    def session_verbs(self) -> Mapping[str, Callable[[Mapping[str, Any], Session, Person], dict[str, Any]]]:
        """What may be asked within a session."""
        return {
            "key/fresh": self._fresh,
            "key/again": self._again,
            "key/another": self._another,
            "key/add": self._add,
            "sign-out": self._out,
        }

    # Without a session

    def _begin(self, _body: Mapping[str, Any], _proof: str, _address: str) -> dict[str, Any]:
        options, challenge = self._house.staff.ask_key(self._site)
        return {"options": json.loads(options), "ticket": self._ticket(SIGN_IN, challenge), "now": self._seconds()}

    def _finish(self, body: Mapping[str, Any], proof: str, address: str) -> dict[str, Any]:
        challenge, _ = self._opened(SIGN_IN, body)
        held = self._proof(proof, address)
        return self._in(self._house.staff.sign_in(self._site, _answer(body), challenge, held))

    def _password(self, body: Mapping[str, Any], proof: str, address: str) -> dict[str, Any]:
        held = self._proof(proof, address)
        typed = [_text(body, name) for name in ("login", "password", "code")]
        return self._in(self._house.staff.sign_in_password(typed[0], typed[1], typed[2], held))

    def _enrol_begin(self, body: Mapping[str, Any], _proof: str, _address: str) -> dict[str, Any]:
        """Answer with what a link allows; with a name (or for somebody known) also with what a device is asked."""
        staff = self._house.staff
        link = staff.link(_text(body, "code"), _text(body, "printed"))
        if body.get("app"):
            secret = passwords.new_secret(self._house.entropy)
            address = passwords.address_of(secret, self._site.firm)
            return {
                "secret": passwords.shown(secret),
                "address": address,
                "picture": picture_of(address),
                "ticket": self._ticket(APP, secret),
                "now": self._seconds(),
            }
        options, challenge, person = staff.ask_new_key(self._site, link, _text(body, "name"))
        ticket = self._ticket(ENROL, challenge, person)
        return {"options": json.loads(options), "ticket": ticket, "now": self._seconds()}

    def _enrol_finish(self, body: Mapping[str, Any], proof: str, address: str) -> dict[str, Any]:
        challenge, person = self._opened(ENROL, body)
        held = self._proof(proof, address)
        code, printed, name = (_text(body, key) for key in ("code", "printed", "name"))
        entered = self._house.staff.enrol(
            self._site, code, printed, name, _answer(body), challenge, person, _text(body, "label")
        )
        return self._entered(entered, held, How.PASSKEY)

    def _enrol_password(self, body: Mapping[str, Any], proof: str, address: str) -> dict[str, Any]:
        secret, _ = self._opened(APP, body)
        held = self._proof(proof, address)
        wanted = NewPassword(_text(body, "login"), _text(body, "password"), secret, _text(body, "app_code"))
        code, printed, name = (_text(body, key) for key in ("code", "printed", "name"))
        return self._entered(self._house.staff.enrol_password(code, printed, name, wanted), held, How.PASSWORD)

    def _entered(self, entered: Enrolled, proof: Proof, how: How) -> dict[str, Any]:
        signed_in = self._house.staff.begin(entered.person, proof, how)
        return {**self._in(signed_in), "printed": entered.printed}

    def _in(self, signed_in: SignedIn) -> dict[str, Any]:
        return {"token": signed_in.token, "how": str(signed_in.session.how), "now": self._seconds()}

    # Within a session

    def _fresh(self, _body: Mapping[str, Any], session: Session, _person: Person) -> dict[str, Any]:
        """Ask for the passkey again."""
        options, challenge = self._house.staff.ask_key(self._site)
        return {"options": json.loads(options), "ticket": self._ticket(FRESH, challenge), "how": str(session.how)}

    def _again(self, body: Mapping[str, Any], session: Session, _person: Person) -> dict[str, Any]:
        if session.how is How.PASSWORD:
            typed = [_text(body, name) for name in ("login", "password", "code")]
            self._house.staff.freshen_password(session, typed[0], typed[1], typed[2])
        else:
            challenge, _ = self._opened(FRESH, body)
            self._house.staff.freshen(self._site, session, _answer(body), challenge)
        return {"fresh": True}

    def _another(self, _body: Mapping[str, Any], session: Session, person: Person) -> dict[str, Any]:
        if not session.is_fresh(self._house.clock()):
            raise RefusedError("not-fresh", "this asks your passkey again", remedy="Show it.")
        options, challenge = self._house.staff.ask_another_key(self._site, person)
        return {"options": json.loads(options), "ticket": self._ticket(ANOTHER, challenge, person.id)}

    def _add(self, body: Mapping[str, Any], _session: Session, person: Person) -> dict[str, Any]:
        challenge, asked = self._opened(ANOTHER, body)
        if asked != person.id:
            raise RefusedError("ticket", "this was begun by somebody else", remedy="Begin again.")
        self._house.staff.add_key(self._site, person, _answer(body), challenge, _text(body, "label"))
        return {"added": True}

    def _out(self, _body: Mapping[str, Any], session: Session, _person: Person) -> dict[str, Any]:
        self._house.staff.sign_out(session)
        return {"out": True}

    # Steps

    def _proof(self, text: str, address: str) -> Proof:
        return verify_proof(text, method="POST", address=address, now=self._house.clock())

    def _ticket(self, kind: str, challenge: bytes, person: str = "") -> str:
        content = json.dumps({"challenge": challenge.hex(), "person": person}).encode()
        return self._house.tickets.issue(f"office/{kind}", content, lasting=CHALLENGE_LASTS)

    def _opened(self, kind: str, body: Mapping[str, Any]) -> tuple[bytes, ActorId]:
        kept = json.loads(self._house.tickets.open(f"office/{kind}", _text(body, "ticket")).content)
        return bytes.fromhex(kept["challenge"]), ActorId(kept["person"])

    def _seconds(self) -> int:
        return int(self._house.clock().timestamp())


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str) or len(found) > 8192:
        raise UsageError("field-empty", f"'{name}' is no text", remedy="Fill it in.")
    return found


def _answer(body: Mapping[str, Any]) -> str:
    return json.dumps(body.get("answer"))
