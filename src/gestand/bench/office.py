"""The office over a large store: how long each of its pages takes, asked as a browser asks, with a token and its proof.

One person in one session, one page after another: what is told is the median of several. The customers are invented
(``customers.py``); of two in three the day on which their data leave is known, of one in seventy it has come.
"""

from __future__ import annotations

import base64
import http.client
import json
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from gestand.bench.customers import row
from gestand.bench.report import Result
from gestand.bench.served import Served, served
from gestand.kernel.clock import local_date, system_clock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import ActorId, FieldPath, PurposeId, ShelfId
from gestand.rights.model import Channel, Right
from gestand.staff.dpop import Proof, thumbprint, token_hash
from gestand.staff.model import How
from gestand.staff.passwords import NewPassword, new_secret
from gestand.statement.policy import FieldKind
from gestand.system import System, open_system
from gestand.vault.model import NewItem, NewSubject

REACH_MS = 100.0
EACH = 8
"""Items of one customer."""
_TOGETHER = 1000
_OWNER = ActorId("owner")
_FIELDS = ("contact.name", "contact.street", "contact.postcode", "contact.town", "contact.phone")
_AHEAD = 1500
"""Days over which data leave, counted from twenty days ago."""
PAGES = (
    "", "today", "people", "people?for=service", "call", "mail", "mail/find", "mail/held", "devices", "outreach", "post", "requests", "retention", "sharing",
    "sharing/give", "sharing/orders", "breaches", "statement", "statement/draft", "map", "sources", "evidence", "evidence/public", "staff",
    "settings",
)  # fmt: skip
"""Every page without an id in its address."""


def measure(firm: Path, size: int, rounds: int) -> list[Result]:
    """Fill an organisation with ``size`` items, and measure each page of its office over HTTP.

    :raises GestandError: ``bench-wrong`` if a page is not given.
    """
    with open_system(firm) as house:
        fill(house, size)
        [one] = house.vault.find(FieldKind.EMAIL, _address(size // EACH // 2))
        worker = Worker(house)
    card = f"people/{one}?purpose=service"
    asked: list[tuple[str, dict[str, str] | None]] = [(path, None) for path in (*PAGES, card)]
    asked += [
        ("people/find", {"wanted": _address(7)}),
        ("people/find", {"wanted": row(7)[0], "purpose": "service"}),
        ("people/find", {"wanted": "Jans", "purpose": "service"}),
        ("people/find", {"wanted": "nobody at all"}),
    ]
    with served(firm) as there:
        return [_measured(worker, there, path, form, size, rounds) for path, form in asked]


def fill(house: System, size: int) -> None:
    """Take in as many customers as ``size`` items need, and fifty requests that run."""
    today = local_date(house.clock())
    for first in range(0, size // EACH, _TOGETHER):
        numbers = range(first, min(first + _TOGETHER, size // EACH))
        with house.engine.transaction():
            house.vault.add([_customer(number, today) for number in numbers], actor=_OWNER, reason="benchmark")
    for number in range(50):
        house.requests.receive(Right.ACCESS, contact=_address(number), channel=Channel.EMAIL, actor=_OWNER)


def _customer(number: int, today: date) -> NewSubject:
    due = today + timedelta(days=number % _AHEAD - 20) if number % 3 else None
    values = [*zip(_FIELDS, row(number), strict=False), ("contact.email", _address(number))]
    values += [("service.request", "De printer doet het niet."), ("service.notes", "Belt liever na vijven.")]
    return NewSubject(tuple(
        NewItem(
            FieldPath(field), value, ShelfId("customer"), "benchmark", trigger_on=due and due - timedelta(days=730), due=due,
            purposes=(PurposeId("service"),),
        )
        for field, value in values
    ))  # fmt: skip


def _address(number: int) -> str:
    return f"klant{number}@example.org"


class Worker:
    """Somebody who is signed in: a token, and the key that it is bound to, as the office's own worker holds them."""

    def __init__(self, house: System) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        numbers = self._key.public_key().public_numbers()
        self._jwk = {
            "kty": "EC",
            "crv": "P-256",
            "x": _text(numbers.x.to_bytes(32, "big")),
            "y": _text(numbers.y.to_bytes(32, "big")),
        }
        code = house.staff.first_link(house.publication.in_force().policy)
        assert code is not None  # a new organisation has nobody yet
        person = house.staff.enrol_password(code, "", "Anna Bakker", _password(house.clock())).person
        mark = Proof(thumbprint(self._jwk), _text(system_entropy(16)), house.clock() + timedelta(minutes=1))
        self.token = house.staff.begin(person, mark, How.PASSWORD).token

    def proof(self, method: str, address: str) -> str:
        """Return a proof (RFC 9449) for one request."""
        claims = {
            "jti": _text(system_entropy(16)), "htm": method, "htu": address, "iat": int(system_clock().timestamp()),
            "ath": token_hash(self.token),
        }  # fmt: skip
        parts = ({"typ": "dpop+jwt", "alg": "ES256", "jwk": self._jwk}, claims)
        said = ".".join(_text(json.dumps(part).encode()) for part in parts)
        r, s = decode_dss_signature(self._key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{said}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _password(now: datetime) -> NewPassword:
    secret = new_secret(system_entropy)
    code = TOTP(secret, 6, hashes.SHA1(), 30).generate(int(now.timestamp())).decode()  # noqa: S303 - RFC 6238
    return NewPassword("anna", base64.b32encode(system_entropy(20)).decode(), secret, code)


def _measured(  # noqa: PLR0917 - what is asked, of whom, how often
    worker: Worker, there: Served, path: str, form: dict[str, str] | None, size: int, rounds: int
) -> Result:
    times = [_asked(worker, there, path, form) for _ in range(rounds + 1)][1:]
    shown = path.split("?", 1)[0] or "(home)"
    name = f"{'find' if form else 'page'} {'people/{subject}' if 'sub_' in shown else shown}"
    if form:
        name += f" {form['wanted'].partition('@')[0]}"
    took = median(times) * 1000
    return Result(name, size, round(took, 1), "ms", reach=REACH_MS, holds=took <= REACH_MS)


def _asked(worker: Worker, there: Served, path: str, form: dict[str, str] | None) -> float:
    plain, _, query = path.partition("?")
    method, body = ("GET", b"") if form is None else ("POST", urlencode(form).encode())
    origin = f"http://localhost:{there.port}"
    target = f"/office/nl/{plain}"
    headers = {
        "Host": f"localhost:{there.port}", "Sec-Fetch-Site": "same-origin", "Authorization": f"DPoP {worker.token}",
        "DPoP": worker.proof(method, origin + target), "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    line = http.client.HTTPConnection(there.host, there.port, timeout=60)
    try:
        began = time.perf_counter()
        line.request(method, target + (f"?{query}" if query else ""), body, headers)
        answer = line.getresponse()
        answer.read()
        took = time.perf_counter() - began
    finally:
        line.close()
    if answer.status not in {200, 204}:
        raise GestandError(
            "bench-wrong", f"the office answered {answer.status} to {plain}", remedy="The figures count for nothing."
        )
    return took


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
