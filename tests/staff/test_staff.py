"""Who may act: links, codes, passwords, sessions, roles, second looks; each promise broken and seen to hold."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from hypothesis import given
from hypothesis import strategies as st

from engines import open_store
from gestand.doors.demonstration.place import example_folder
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.law.periods import Period
from gestand.ledger.service import open_ledger
from gestand.publication.folder import read_statement
from gestand.retention.staff import StaffCustodian
from gestand.staff import passwords
from gestand.staff import store as sql
from gestand.staff.dpop import token_hash, verify_proof
from gestand.staff.model import Act, How
from gestand.staff.passwords import NewPassword, verify
from gestand.staff.rules import purposes_of, widest
from gestand.staff.service import Staff
from gestand.storage.once import Once
from intake_house import koper
from staff_house import begin, keeper

both = pytest.mark.on_both_engines
START = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
OWNER = ActorId("owner")
ADDRESS = "http://localhost:8470/office/nl/today"


class Key:
    """A DPoP key as a worker has one."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())

    def proof(
        self, now: datetime, *, token: str | None = None, method: str = "GET", address: str = ADDRESS, **changes
    ) -> str:
        numbers = self.private.public_key().public_numbers()
        jwk = {
            "kty": "EC",
            "crv": "P-256",
            "x": _text(numbers.x.to_bytes(32, "big")),
            "y": _text(numbers.y.to_bytes(32, "big")),
        }
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk, **changes.pop("header", {})}
        claims = {
            "jti": _text(system_entropy(16)),
            "htm": method,
            "htu": address,
            "iat": int(now.timestamp()),
            **changes,
        }
        if token is not None:
            claims.setdefault("ath", token_hash(token))
        said = ".".join(_text(json.dumps(part).encode()) for part in (header, claims))
        r, s = decode_dss_signature(self.private.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{said}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Room:
    def __init__(self, folder) -> None:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        self.clock = SettableClock(START)
        self.engine = open_store(folder / "data" / "data.db", bytes(32))
        self.ledger = open_ledger(
            folder / "data" / "ledger", self.engine, clock=self.clock, entropy=system_entropy,
            remembered=folder / "remembered", origin="gestand/test",
        )  # fmt: skip
        self.staff = Staff(
            self.engine, bytes(range(32)), self.ledger, self.clock, system_entropy, waiting=timedelta(minutes=60)
        )

    def enter(self, name: str, code: str) -> tuple[ActorId, bytes]:
        """Let somebody in with a password and an app; their passkeys are tried in a real browser."""
        secret = passwords.new_secret(system_entropy)
        wanted = NewPassword(f"{name} login", "een heel lang wachtwoord", secret, totp(secret, self.clock()))
        entered = self.staff.enrol_password(code, "", name, wanted)
        return entered.person.id, secret

    def keeper(self, name: str = "Koos Koper") -> tuple[ActorId, bytes]:
        code = self.staff.first_link(koper().policy) or self.staff.invite(
            ["owner"], keeper=True, policy=koper().policy, actor=OWNER
        )
        return self.enter(name, code)

    def sign_in(self, person: ActorId, key: Key):
        proof = verify_proof(key.proof(self.clock(), method="POST"), method="POST", address=ADDRESS, now=self.clock())
        return self.staff.begin(self.staff.person(person), proof, How.PASSKEY)

    def session(self, signed_in, key: Key, **changes):
        proof = key.proof(self.clock(), token=signed_in.token, **changes)
        return self.staff.session(signed_in.token, proof, method="GET", address=ADDRESS)

    def events(self) -> list[str]:
        return [entry.event.name for entry in self.ledger.entries()]


def totp(secret: bytes, now: datetime) -> str:
    from cryptography.hazmat.primitives.hashes import SHA1

    return TOTP(secret, 6, SHA1(), 30).generate(int(now.timestamp())).decode()  # noqa: S303


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))  # quick
    made = Room(tmp_path)
    yield made
    made.ledger.close()
    made.engine.close()


@both
def test_the_first_link_is_for_the_widest_role_and_is_there_only_while_nobody_is(room):
    person, _ = room.keeper()
    found = room.staff.person(person)
    assert (found.roles, found.keeper) == (widest(koper().policy), True)
    assert room.staff.first_link(koper().policy) is None


@both
def test_a_link_is_used_once_and_is_old_after_a_day(room):
    code = room.staff.first_link(koper().policy)
    other = room.staff.invite(["owner"], keeper=False, policy=koper().policy, actor=OWNER)
    room.enter("Koos Koper", code)
    with pytest.raises(RefusedError) as again:
        room.enter("Bram Jansen", code)
    assert again.value.code == "link"
    room.clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(RefusedError) as old:
        room.staff.link(other)
    assert old.value.code == "link"
    with pytest.raises(RefusedError) as none:
        room.staff.link("nothing")
    assert str(none.value) == str(old.value)  # one answer for all


def test_a_colleagues_link_for_lost_keys_asks_the_printed_code_and_the_terminals_does_not(room):
    person, _ = room.keeper()
    printed = room.staff.new_printed(room.staff.person(person))
    asked = room.staff.readmit(person, actor=person, asks_code=True)
    with pytest.raises(RefusedError):
        room.staff.link(asked)
    with pytest.raises(RefusedError):
        room.staff.link(asked, printed[:-1] + ("A" if printed[-1] != "A" else "B"))
    assert room.staff.link(asked, printed.lower().replace("-", " ")).person == person
    assert room.staff.link(room.staff.readmit(person, actor=OWNER, asks_code=False)).person == person
    room.staff.new_printed(room.staff.person(person))  # a new one makes the old one void
    with pytest.raises(RefusedError):
        room.staff.link(asked, printed)


@both
def test_nothing_that_tells_who_somebody_is_lies_open_in_the_store_or_the_ledger(room):
    person, secret = room.keeper("Xaviera Quist")
    rows = [
        row
        for table in ("staff_person", "staff_password", "staff_passkey", "staff_link", "staff_session", "staff_printed")
        for row in room.engine.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
    ]
    assert rows
    written = repr(rows) + repr([entry.leaf for entry in room.ledger.entries()])
    assert "Xaviera" not in written
    assert secret.hex() not in written
    assert person in written
    [(sealed,)] = room.engine.execute("SELECT sealed FROM staff_person")
    room.engine.execute("UPDATE staff_person SET id = 'stf_other'")
    assert sealed
    with pytest.raises(DamagedError):  # moved to another person it does not open
        room.staff.people()


@both
def test_password_and_code_open_a_session_and_a_code_works_once(room):
    person, secret = room.keeper()
    key = Key()

    def attempt(login="Koos  KOPER login", password="een heel lang wachtwoord", code=None):  # noqa: S107
        proof = verify_proof(key.proof(room.clock(), method="POST"), method="POST", address=ADDRESS, now=room.clock())
        return room.staff.sign_in_password(login, password, code or totp(secret, room.clock()), proof)

    with pytest.raises(RefusedError) as used:
        attempt()  # the code was used to enrol
    room.clock.advance(timedelta(seconds=31))
    assert attempt().person.id == person
    room.clock.advance(timedelta(seconds=31))
    said = set()
    for wrong in ({"login": "Nobody"}, {"password": "een ander lang wachtwoord"}, {"code": "000000"}):
        with pytest.raises(RefusedError) as fault:
            attempt(**wrong)
        said.add(str(fault.value))
    assert said == {str(used.value)}


def test_after_five_failures_each_next_try_waits_and_the_right_one_still_comes_in(room):
    _, secret = room.keeper()
    key = Key()
    room.clock.advance(timedelta(seconds=31))

    def attempt(code):
        proof = verify_proof(key.proof(room.clock(), method="POST"), method="POST", address=ADDRESS, now=room.clock())
        return room.staff.sign_in_password("koos koper login", "een heel lang wachtwoord", code, proof)

    for _ in range(6):
        with pytest.raises(RefusedError):
            attempt("000000")
    with pytest.raises(RefusedError):
        attempt(totp(secret, room.clock()))
    room.clock.advance(timedelta(seconds=61))
    assert attempt(totp(secret, room.clock())).person.name == "Koos Koper"


def test_a_code_that_is_brought_several_times_at_once_works_once_and_every_failure_counts(room):
    _, secret = room.keeper()
    room.clock.advance(timedelta(seconds=31))
    now, ready, came = room.clock(), threading.Barrier(3), list[str]()

    def attempt(password, code):
        ready.wait(20)
        try:
            verify(room.staff._rows, "koos koper login", password, code, now=now)
            came.append("in")
        except RefusedError:
            came.append("refused")

    counted = list[int]()
    for password, code in (("een heel lang wachtwoord", totp(secret, now)), ("een ander lang wachtwoord", "000000")):
        trying = [threading.Thread(target=attempt, args=(password, code)) for _ in range(3)]
        for one in trying:
            one.start()
        for one in trying:
            one.join()
        counted.append(room.engine.execute("SELECT failures FROM staff_password")[0][0])
    assert came.count("in") == 1
    assert counted[1] == min(5, counted[0] + 3)  # from the fifth on, who tries waits


@pytest.mark.parametrize(
    ("password", "login", "code"),
    [("kort", "koos", "password-short"), ("een heel lang wachtwoord", "k", "login"), ("een heel lang wachtwoord", "koos", "totp-code")],
)  # fmt: skip
def test_an_unsound_password_lets_nobody_in_and_keeps_the_link(room, password, login, code):
    link = room.staff.first_link(koper().policy)
    secret = passwords.new_secret(system_entropy)
    with pytest.raises(UsageError) as fault:
        room.staff.enrol_password(link, "", "Koos", NewPassword(login, password, secret, "12345x"))
    assert fault.value.code == code
    assert room.staff.people() == ()
    assert room.staff.link(link).keeper


@both
def test_a_session_ends_after_idling_after_a_day_of_work_and_at_one_word(room):
    person, _ = room.keeper()
    key = Key()
    signed_in = room.sign_in(person, key)
    assert room.session(signed_in, key)[1].id == person
    room.clock.advance(timedelta(minutes=15))
    assert room.session(signed_in, key)
    room.clock.advance(timedelta(minutes=15, seconds=1))
    with pytest.raises(RefusedError):
        room.session(signed_in, key)
    signed_in = room.sign_in(person, key)
    for _ in range(32):
        room.clock.advance(timedelta(minutes=15))
        assert room.session(signed_in, key)
    room.clock.advance(timedelta(seconds=1))
    with pytest.raises(RefusedError):
        room.session(signed_in, key)
    signed_in = room.sign_in(person, key)
    assert room.staff.end_all(actor=person) == 1
    with pytest.raises(RefusedError):
        room.session(signed_in, key)
    ended = [entry.event.facts["why"] for entry in room.ledger.entries() if entry.event.name == "staff.signed-out"]
    assert ended == ["idle", "too-long", "all-ended"]


def test_the_store_alone_signs_nobody_in(room):
    person, _ = room.keeper()
    signed_in = room.sign_in(person, Key())
    assert signed_in.token not in repr(room.engine.execute("SELECT * FROM staff_session"))
    assert signed_in.token not in repr(signed_in)
    [(kept,)] = room.engine.execute("SELECT token FROM staff_session")
    assert kept == hashlib.sha256(signed_in.token.encode()).digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "POST"}, {"address": ADDRESS + "x"}, {"iat": 0}, {"iat": int(START.timestamp()) + 31},
        {"iat": int(START.timestamp()) - 61}, {"ath": "x"}, {"jti": "short"}, {"jti": 7}, {"iat": "now"},
        {"header": {"typ": "jwt"}}, {"header": {"alg": "none"}}, {"header": {"alg": "HS256"}}, {"header": {"crit": ["x"]}},
        {"header": {"jwk": {"kty": "EC", "crv": "P-384", "x": "", "y": ""}}}, {"header": {"jwk": None}},
    ],
    ids=str,
)  # fmt: skip
def test_every_wrong_proof_is_refused_alike(changes):
    key = Key()
    sound = key.proof(START, token="t")  # noqa: S106
    assert verify_proof(sound, method="GET", address=ADDRESS, now=START, token="t")  # noqa: S106
    with pytest.raises(RefusedError) as fault:
        verify_proof(key.proof(START, token="t", **changes), method="GET", address=ADDRESS, now=START, token="t")  # noqa: S106
    assert fault.value.code == "proof"


def test_a_proof_is_used_once_and_anothers_key_opens_nothing(room):
    person, _ = room.keeper()
    key = Key()
    signed_in = room.sign_in(person, key)
    proof = key.proof(room.clock(), token=signed_in.token)
    room.staff.session(signed_in.token, proof, method="GET", address=ADDRESS)
    for text in (proof, Key().proof(room.clock(), token=signed_in.token), "", "a.b.c", "é.ü.x"):
        with pytest.raises(RefusedError):
            room.staff.session(signed_in.token, text, method="GET", address=ADDRESS)


@given(
    text=st.text(max_size=80)
    | st.binary(max_size=60).map(lambda content: f"{_text(content)}.{_text(content)}.{_text(content)}")
)
def test_only_our_own_error_leaves_the_reader_of_proofs(text):
    with pytest.raises(RefusedError):
        verify_proof(text, method="GET", address=ADDRESS, now=START)


@both
def test_a_mark_is_spent_once_and_forgotten_after_its_time(room):
    once = Once(room.engine)
    assert once.spend("a", b"1", now=START, until=START + timedelta(minutes=1))
    assert not once.spend("a", b"1", now=START, until=START + timedelta(minutes=1))
    assert once.spend("b", b"1", now=START, until=START + timedelta(minutes=1))
    later = Once(room.engine)
    assert later.spend("c", b"2", now=START + timedelta(hours=1), until=START + timedelta(hours=2))
    assert room.engine.execute("SELECT count(*) FROM once") == [(1,)]


def test_roles_give_purposes_and_what_is_revoked_gives_none(room):
    policy = koper().policy
    person, _ = room.keeper()
    room.keeper("Anna de Vries")
    assert set(room.staff.may(room.staff.person(person), policy)) == set(policy.roles["owner"].purposes)
    assert purposes_of(policy, ["gone"]) == ()
    assert purposes_of(policy.model_copy(update={"roles": {}}), []) == tuple(policy.purposes)
    with pytest.raises(UsageError):
        room.staff.set_roles(person, ["nobody"], keeper=True, policy=policy, actor=OWNER)
    room.staff.revoke(person, actor=OWNER)
    assert room.staff.may(room.staff.person(person), policy) == ()
    assert not room.engine.execute(sql.HAS_PASSWORD, (person,))


def test_the_last_keeper_stays(room):
    person, _ = room.keeper()
    for act in (
        lambda: room.staff.revoke(person, actor=OWNER),
        lambda: room.staff.set_roles(person, ["owner"], keeper=False, policy=koper().policy, actor=OWNER),
    ):
        with pytest.raises(RefusedError) as fault:
            act()
        assert fault.value.code == "last-keeper"


@both
def test_two_keepers_look_twice_and_who_asked_does_not_give(room):
    koos, anna = room.keeper()[0], room.keeper("Anna de Vries")[0]
    asked = room.staff.ask_approval(Act.PUBLISH, "d1", actor=koos)
    assert room.staff.ask_approval(Act.PUBLISH, "d1", actor=koos) == asked
    with pytest.raises(RefusedError) as own:
        room.staff.give_approval(asked.id, giver=room.staff.person(koos))
    assert own.value.code == "approval-own"
    with pytest.raises(RefusedError):
        room.staff.approvals.use(Act.PUBLISH, "d1", actor=koos, now=room.clock())
    given_ = room.staff.give_approval(asked.id, giver=room.staff.person(anna))
    assert not given_.alone
    with pytest.raises(RefusedError):
        room.staff.approvals.use(Act.PUBLISH, "d2", actor=koos, now=room.clock())  # other words than were looked at
    room.staff.approvals.use(Act.PUBLISH, "d1", actor=koos, now=room.clock())
    with pytest.raises(RefusedError):
        room.staff.approvals.use(Act.PUBLISH, "d1", actor=koos, now=room.clock())


def test_one_keeper_alone_waits_and_the_ledger_says_so(room):
    koos, _ = room.keeper()
    asked = room.staff.ask_approval(Act.LIFT_HOLD, "h1", actor=koos)
    room.staff.give_approval(asked.id, giver=room.staff.person(koos))
    with pytest.raises(RefusedError) as early:
        room.staff.approvals.use(Act.LIFT_HOLD, "h1", actor=koos, now=room.clock())
    assert early.value.code == "approval-waiting"
    room.clock.advance(timedelta(minutes=60))
    assert room.staff.approvals.use(Act.LIFT_HOLD, "h1", actor=koos, now=room.clock()).alone
    marks = [entry.event.facts["alone"] for entry in room.ledger.entries() if entry.event.name == "approval.used"]
    assert marks == [True]


def test_an_approval_grows_old(room):
    koos, _ = room.keeper()
    asked = room.staff.ask_approval(Act.LIFT_HOLD, "h1", actor=koos)
    room.staff.give_approval(asked.id, giver=room.staff.person(koos))
    room.clock.advance(timedelta(days=4))
    with pytest.raises(RefusedError) as old:
        room.staff.approvals.use(Act.LIFT_HOLD, "h1", actor=koos, now=room.clock())
    assert old.value.code == "approval-missing"


def test_a_restored_store_lets_nobody_in_who_left_since_nor_by_a_key_that_was_taken_away(room):
    from gestand.staff.model import Passkey
    from gestand.system import forget_requests

    koos, _ = room.keeper()
    anna, _ = room.keeper("Anna de Vries")
    rows = room.staff._rows
    for name in ("a" * 64, "b" * 64):
        rows.keep_passkey(Passkey(name, koos, "sleutel", START, None, b"id", b"public"), new=True)
    room.sign_in(anna, Key())
    names = ("staff_person", "staff_passkey", "staff_password", "staff_printed", "staff_session")
    before = {table: room.engine.execute(f"SELECT * FROM {table}") for table in names}  # noqa: S608 - names of our own
    size = room.ledger.head().size
    room.staff.drop_key(room.staff.person(koos), "a" * 64)
    room.staff.revoke(anna, actor=koos)
    for table, kept in before.items():  # as an older copy has it
        room.engine.execute(f"DELETE FROM {table}")  # noqa: S608
        room.engine.many(f"INSERT INTO {table} VALUES ({', '.join('?' * len(kept[0]))})", kept)  # noqa: S608
    assert len(room.staff.active()) == 2
    assert forget_requests(SimpleNamespace(engine=room.engine), room.ledger.entries(), size) == 2
    assert [person.id for person in room.staff.people()] == [koos]
    assert [key.key for key in rows.passkeys(koos)] == ["b" * 64]
    assert room.staff.sessions.running() == ()
    assert not room.engine.execute("SELECT * FROM staff_password WHERE person = ?", (anna,))


class InForce:
    """One version of the statement, and no other."""

    def __init__(self, statement):
        self.statement = statement

    def in_force(self):
        return self.statement

    def version(self, version):
        return self.statement if version == self.statement.version else None


def test_who_comes_in_anew_ends_every_session_they_had(place):
    house = place.open()
    koos, bram = keeper(house, "Koos Koper"), keeper(house, "Bram Jansen")
    begin(house, koos)
    kept = begin(house, bram)
    secret = passwords.new_secret(house.entropy)
    now = house.clock()
    typed = TOTP(secret, 6, hashes.SHA1(), 30).generate(int(now.timestamp())).decode()  # noqa: S303 - RFC 6238
    code = house.staff.readmit(koos.id, actor=bram.id, asks_code=False)
    house.staff.enrol_password(
        code, "", "Koos Koper", NewPassword("koos anew", "een ander lang wachtwoord", secret, typed)
    )
    assert [one.id for one in house.staff.sessions.running()] == [kept]


@both
def test_who_left_is_forgotten_after_two_years(room):
    room.keeper()
    anna, _ = room.keeper("Anna de Vries")
    room.staff.revoke(anna, actor=OWNER)
    statement = read_statement(example_folder())
    custodian = StaffCustodian(room.staff, InForce(statement))
    assert list(custodian.due(date(2028, 12, 7))) == []
    [due] = custodian.due(date(2028, 12, 8))
    assert due.shelf == "staff"
    year = statement.policy.shelves["staff"].model_copy(update={"period": Period.parse("1 year")})
    shorter = statement.policy.model_copy(update={"shelves": {**statement.policy.shelves, "staff": year}})
    sooner = StaffCustodian(room.staff, InForce(replace(statement, policy=shorter)))
    assert [one.since for one in sooner.due(date(2028, 12, 7))] == [date(2027, 12, 8)]
    assert custodian.erase([due.key], ground="storage limitation", actor=OWNER) == 0
    assert [person.name for person in room.staff.people()] == ["Koos Koper"]
    assert "staff.forgotten" in room.events()
