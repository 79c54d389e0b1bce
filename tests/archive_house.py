"""The rooms an archive needs, over real files, with the statement of the worked example and an invented cast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engines import open_store
from gestand.archive.classing import Classes, read_rules
from gestand.archive.model import Way
from gestand.archive.service import Archive, open_archive
from gestand.archive.store import ArchiveStore
from gestand.archive.workroom import Failpoint, no_failpoint
from gestand.kernel.clock import SettableClock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.service import Ledger, open_ledger
from gestand.reading.mail import Mail, unread
from gestand.reading.mailchild import from_wire, to_wire
from gestand.reading.mailparse import attachment_of, holds, html_of, read_mail
from gestand.reading.sanitising import sanitised
from gestand.register.service import Register
from gestand.storage.engine import Engine
from gestand.vault.service import Vault, data_key, open_vault
from intake_house import OneVersion

ROOT = bytes(range(32))
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OWNER = ActorId("owner")
ARCHIVE = PurposeId("mail-archive")
RULES = ("mail-administration when subject has factuur, invoice", "mail-administration when folder is Administratie")


class NoReader:
    """Reads nothing, so that what is kept does not hang on reading."""

    def begin(self, messages: Sequence[bytes]) -> Future[list[Mail]]:
        done: Future[list[Mail]] = Future()
        done.set_result(self.read(messages))
        return done

    def read(self, messages: Sequence[bytes]) -> list[Mail]:
        return [unread("mail-read-killed") for _ in messages]

    def find(self, needle: str, messages: Sequence[bytes]) -> Future[list[bool]]:
        done: Future[list[bool]] = Future()
        done.set_result([holds(raw, needle) for raw in messages])
        return done

    def html(self, raw: bytes) -> str:
        return sanitised(html_of(raw))

    def attachment(self, raw: bytes, number: int) -> bytes:
        return attachment_of(raw, number)

    def close(self) -> None:
        return


class HereReader(NoReader):
    """Reads in this process: quick, for tests that are not about the child."""

    def read(self, messages: Sequence[bytes]) -> list[Mail]:
        return [from_wire(to_wire(read_mail(raw))) for raw in messages]


@dataclass
class House:
    engine: Engine
    vault: Vault
    ledger: Ledger
    register: Register
    archive: Archive
    clock: SettableClock
    folder: Path

    def events(self, name: str) -> list[dict[str, object]]:
        return [dict(e.event.facts) for e in self.ledger.entries() if e.event.name == name]


@contextmanager
def house(
    folder: Path,
    *,
    reader: object = None,
    rules: Sequence[str] = RULES,
    clock: SettableClock | None = None,
    failpoint: Failpoint = no_failpoint,
) -> Iterator[House]:
    clock = clock or SettableClock(START)
    folder.mkdir(exist_ok=True, parents=True)
    engine = open_store(folder / "data.db", data_key(ROOT))
    ledger = open_ledger(
        folder / "ledger",
        engine,
        clock=clock,
        entropy=system_entropy,
        remembered=folder / "ledger-checkpoint",
        origin="test",
    )
    statements = OneVersion()
    vault = open_vault(folder, engine, ledger, statements, root_key=ROOT, clock=clock, entropy=system_entropy)
    vault.resume()
    register = Register(engine, vault, ledger, statements, clock, system_entropy)  # type: ignore[arg-type]
    classes = Classes(read_rules(rules, "test"), "mail-archive", statements, lambda _kinds: ())
    archive = open_archive(
        folder,
        store=ArchiveStore(engine),
        vault=vault,
        ledger=ledger,
        statements=statements,
        classes=classes,
        reader=reader or HereReader(),  # type: ignore[arg-type]
        root_key=ROOT,
        clock=clock,
        entropy=system_entropy,
        failpoint=failpoint,
    )
    try:
        yield House(engine, vault, ledger, register, archive, clock, folder)
    finally:
        archive.close()
        vault.close()
        ledger.close()
        engine.close()


def way(**changes: object) -> Way:
    told: dict[str, object] = {"kind": "file", "place": "test.mbox", "received": START, **changes}
    return Way(**told)  # type: ignore[arg-type]


def mail(
    subject: str = "Vraag over de printer",
    body: str = "Goedemiddag, de printer doet het niet meer.\n",
    *,
    sender: str = "Anna de Vries <anna@example.nl>",
    to: str = "info@example.org",
    number: int = 1,
    extra: str = "",
) -> bytes:
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Mon, 30 Nov 2026 10:00:00 +0100\r\n"
    head += (
        f"Message-ID: <{number}@example.nl>\r\n{extra}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    )
    return (head + "\r\n" + body.replace("\n", "\r\n")).encode()
