"""An erasure over a database, a mailbox on a real Dovecot and an HTTP service: killed at every step, never a false done.

Neither a mailbox nor a service knows a transaction, so what was killed between two messages or two records goes on with what is left;
and what somebody puts back there afterwards is known again.
"""

from __future__ import annotations

import imaplib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.demonstration.place import Place
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId
from gestand.rights.model import Channel, IdentityLevel, Right, State
from gestand.statement.policy import FieldKind
from gestand.system import System
from postgres_server import free_port
from sources.dovecot_server import PASSWORD, USER, Mailbox, running_dovecot
from sources.shop import fill, rows
from sources.test_mailbox import message
from sources.till import ROWS, till_at

OWNER = ActorId("owner")
DAAN = CAST[3]
BOX = """
format = 1
kind = "imap"
near = true
title = { nl = "postbus", en = "mailbox" }
host = "127.0.0.1"
port = PORT
tls = "none"
user = "env:BOX_USER"
password = "env:BOX_PASSWORD"
folders = ["INBOX"]
field = "correspondence.message"
erase = "delete"
ground = "AVG 17(3)(e)"
until = "2 jaar na het bericht"
"""
DESK = """
format = 1
kind = "http"
near = true
title = { nl = "helpdesk", en = "help desk" }
url = "http://127.0.0.1:PORT"
[resources.contacts]
find.customer_number = { path = "/contacts", query = { number = "{value}" } }
erase = { method = "DELETE", path = "/contacts/{key}" }
all = { path = "/contacts" }
[resources.contacts.columns]
name = { field = "contact.name" }
number = { field = "contact.customer-number" }
[resources.tickets]
links = { contact = "contacts.id" }
linked = { path = "/tickets", query = { contact = "{value}" } }
erase = { method = "DELETE", path = "/tickets/{key}" }
all = { path = "/tickets" }
[resources.tickets.columns]
text = { field = "service.notes" }
"""
HELD = {
    "contacts": {
        "7": {"id": 7, "name": "D. Visser", "number": "T-77", "seen": 4},
        "8": {"id": 8, "name": "Iemand Anders", "number": "T-78", "seen": 1},
    },
    "tickets": {
        "1": {"id": 1, "contact": 7, "text": "belt graag"},
        "2": {"id": 2, "contact": 7, "text": "laptop klaar"},
        "3": {"id": 3, "contact": 8, "text": "vip"},
    },
}
MESSAGES = (
    message(f"Daan <{DAAN.email.upper()}>", USER, "mijn laptop", "hij is nat"),
    message(USER, DAAN.email, "Re: mijn laptop", "wij drogen hem"),
    message("iemand@example.org", USER, "de buurman", f"{DAAN.name} ({DAAN.email}) heeft hem ook"),
    message("iemand@example.org", USER, "iets anders", "niets van belang"),
)
REMOVED = {"kassa": 1, "postbus": 2, "helpdesk": 3}
QUICK = ("postbus.flagged", "postbus.piece", "helpdesk.piece", "helpdesk.erased")
STEPS = (
    "kassa.begun", "kassa.after-commit", "kassa.done", "postbus.begun", "postbus.erased", "postbus.done",
    "helpdesk.begun", "helpdesk.done", "searched", "erase.begun", "erase.destroyed", "erase.done",
)  # fmt: skip
"""``piece``: after the first message or record; ``flagged``: marked as deleted and not expunged yet."""


@dataclass(frozen=True, slots=True)
class HelpDesk:
    port: int

    def held(self) -> dict[str, dict[str, dict[str, object]]]:
        with urlopen(f"http://127.0.0.1:{self.port}/all") as answer:
            return json.load(answer)

    def put_back(self, held: object) -> None:
        asked = Request(f"http://127.0.0.1:{self.port}/all", json.dumps(held).encode(), method="PUT")
        with urlopen(asked) as answer:  # noqa: S310 - the help desk on this machine
            answer.read()


@pytest.fixture(scope="module")
def desk() -> Iterator[HelpDesk]:
    port = free_port()
    running = subprocess.Popen([sys.executable, str(Path(__file__).with_name("records_service.py")), str(port)])
    found = HelpDesk(port)
    try:
        for _ in range(200):
            try:
                found.held()
                break
            except OSError:
                assert running.poll() is None
                time.sleep(0.05)
        yield found
    finally:
        running.terminate()
        running.wait()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Mailbox]:
    with running_dovecot() as found:
        yield found


class Systems:
    """The worked example with a till, a mailbox and a help desk beside it."""

    def __init__(self, place: Place, dovecot: Mailbox, desk: HelpDesk) -> None:
        self.place, self.port, self.desk = place, dovecot.port, desk
        self.till = f"sqlite:///{place.folder / 'till.db'}"
        fill(self.till, ROWS.format(email=DAAN.email))
        folder = place.folder / "sources"
        folder.mkdir(exist_ok=True)
        (folder / "kassa.toml").write_text(till_at('path = "till.db"'))
        (folder / "postbus.toml").write_text(BOX.replace("PORT", str(dovecot.port)))
        (folder / "helpdesk.toml").write_text(DESK.replace("PORT", str(desk.port)))
        desk.put_back(HELD)
        self.fill_box(MESSAGES, empty=True)

    def fill_box(self, messages: tuple[bytes, ...], *, empty: bool = False) -> None:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        if empty and client.search(None, "ALL")[1][0]:
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()
        for one in messages:
            client.append("INBOX", None, None, one)
        client.logout()

    def in_box(self) -> int:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        said, told = client.select("INBOX", readonly=True)
        client.logout()
        assert said == "OK", told
        return int((told[0] or b"0").decode())

    def ask(self) -> str:
        house = self.place.open()
        asked = house.requests.receive(Right.ERASURE, contact=DAAN.email, channel=Channel.EMAIL, actor=OWNER)
        house.requests.confirm(asked.id, IdentityLevel.SECOND_FACT, actor=OWNER)
        return asked.id

    def untouched(self) -> bool:
        return self.desk.held() == HELD and self.in_box() == 4 and len(rows(self.till, "SELECT id FROM klant")) == 2

    def erased(self) -> bool:
        held = self.desk.held()
        return (set(held["contacts"]), set(held["tickets"]), self.in_box(), rows(self.till, "SELECT id FROM klant")) == (
            {"8"}, {"3"}, 2, [(2,)],
        )  # fmt: skip

    def killed(self, step: str, request: str) -> None:
        """Erase in a child that ends itself at a step; without a request the account is closed."""
        self.place.close()
        child = os.fork()
        if child == 0:
            try:
                house = self.place.open()

                def die(reached: str) -> None:
                    if reached == step:
                        os.kill(os.getpid(), signal.SIGKILL)

                house.sources.failpoint = die
                object.__setattr__(house.vault._room, "failpoint", die)
                house.requests.erase(request, actor=OWNER) if request else close_account(house)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), step


def close_account(house: System) -> None:
    [daan] = house.vault.find(FieldKind.EMAIL, DAAN.email)
    house.requests.erase_now(daan, actor=OWNER)


@pytest.fixture
def systems(place: Place, dovecot: Mailbox, desk: HelpDesk, monkeypatch: pytest.MonkeyPatch) -> Systems:
    monkeypatch.setenv("BOX_USER", USER)
    monkeypatch.setenv("BOX_PASSWORD", PASSWORD)
    return Systems(place, dovecot, desk)


@pytest.mark.slow
@pytest.mark.parametrize("step", [*QUICK, *(pytest.param(step, marks=pytest.mark.long) for step in STEPS)])
def test_killed_at_a_step_over_a_mailbox_and_a_service_it_is_not_done_and_goes_on(systems: Systems, step: str):
    request = systems.ask()
    systems.place.open().requests.plan(request, actor=OWNER)
    assert systems.untouched()
    systems.killed(step, request)
    house = systems.place.open()
    assert house.requests.one(request).state is State.PLANNED
    assert "source.searched" not in {entry.event.name for entry in entries_of(house, request)} or step.startswith(
        "erase."
    )
    outcome = house.requests.erase(request, actor=OWNER)
    assert systems.erased()
    assert outcome.absence_proven
    assert {copy.source: copy.removed for copy in outcome.copies if copy.source in REMOVED} == REMOVED
    assert [kept.rows for copy in outcome.copies for kept in copy.retained if copy.source == "postbus"] == [1]
    told = [entry.event.facts for entry in entries_of(house, request) if entry.event.name == "source.erased"]
    assert {str(facts["source"]): facts["removed"] for facts in told if facts["source"] in REMOVED} == REMOVED
    assert house.requests.one(request).outcome in {"erased", "partly-erased"}


def entries_of(house: System, job: str):
    return [entry for entry in house.ledger.entries() if entry.event.facts.get("job") == job]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["postbus.flagged", "helpdesk.piece"])
def test_an_account_that_is_closed_leaves_mailbox_and_service_also_after_a_kill(systems: Systems, step: str):
    systems.killed(step, "")
    close_account(systems.place.open())
    assert systems.erased()
    assert not systems.place.open().vault.find(FieldKind.EMAIL, DAAN.email)


@pytest.mark.parametrize("closing", [False, True], ids=["request", "account"])
def test_what_is_put_back_after_an_erasure_is_seen_and_said(systems: Systems, closing: bool):
    house = systems.place.open()
    if closing:
        close_account(house)
    else:
        request = systems.ask()
        house.requests.plan(request, actor=OWNER)
        house.requests.erase(request, actor=OWNER)
    assert systems.erased()
    assert backs(house) == {"kassa": 0, "postbus": 0, "helpdesk": 0}
    systems.fill_box((message("iemand@example.org", USER, "een nieuwe vraag", "over iets anders"), MESSAGES[0]))
    changed = json.loads(json.dumps(HELD))
    changed["contacts"]["7"]["seen"] = 5  # the service counts on; it is the same record
    del changed["tickets"]["2"]
    changed["tickets"]["1"]["text"] = "een ander onder hetzelfde nummer"
    systems.desk.put_back(changed)
    assert backs(house) == {"kassa": 0, "postbus": 1, "helpdesk": 1}
    systems.desk.put_back(HELD)
    assert backs(house)["helpdesk"] == 3


@pytest.mark.parametrize("closing", [False, True], ids=["request", "account"])
def test_what_left_before_the_rest_was_planned_anew_is_known_again_too(systems: Systems, closing: bool):
    house = systems.place.open()

    def meddle(step: str) -> None:
        if step == "helpdesk.done":
            fill(systems.till, f"INSERT INTO klant VALUES (5, '{DAAN.email}', 'T-77')")  # noqa: S608 - an invented address

    request = "" if closing else systems.ask()
    house.sources.failpoint = meddle
    if request:
        house.requests.plan(request, actor=OWNER)
    with pytest.raises(DamagedError) as refused:
        house.requests.erase(request, actor=OWNER) if request else close_account(house)
    assert refused.value.code == "erasure-incomplete"
    house.sources.failpoint = lambda _step: None
    if request:
        house.requests.plan(request, actor=OWNER)
    house.requests.erase(request, actor=OWNER) if request else close_account(house)
    assert backs(house) == {"kassa": 0, "postbus": 0, "helpdesk": 0}
    systems.desk.put_back(HELD)
    assert backs(house) == {"kassa": 0, "postbus": 0, "helpdesk": 3}


def backs(house: System) -> dict[str, int | None]:
    return {one.source: one.back for one in house.sources.upkeep.look(actor=OWNER)}


def test_a_place_of_which_no_list_can_be_had_is_named(systems: Systems):
    file = systems.place.folder / "sources" / "helpdesk.toml"
    file.write_text(file.read_text().replace('all = { path = "/tickets" }\n', ""))
    seen = {one.source: one for one in systems.place.open().sources.upkeep.look(actor=OWNER)}
    assert seen["helpdesk"].uncompared == ("tickets",)
    assert seen["postbus"].uncompared == seen["kassa"].uncompared == ()
