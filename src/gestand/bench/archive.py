"""How fast mail is sealed, read and indexed against ``notmuch`` on the same mail; search, people, size, erasure, proof.

One parent and one parser child. What is timed: everything until it is durable, in the ledger, and in the index.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from gestand.archive.classing import Classes, read_rules
from gestand.archive.model import Way
from gestand.archive.service import Archive, open_archive
from gestand.archive.store import ArchiveStore
from gestand.bench.intake import OneVersion
from gestand.bench.mails import Numbers, mails, sender, vocabulary
from gestand.bench.report import Result, document
from gestand.kernel.clock import system_clock
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ActorId, PurposeId
from gestand.ledger.service import open_ledger
from gestand.publication.folder import read_statement
from gestand.reading.mailreader import MailReader
from gestand.storage.sqlite import open_sqlite
from gestand.vault.service import Vault, data_key, open_vault

OWNER = ActorId("owner")
ARCHIVE = PurposeId("mail-archive")
RULES = ("mail-administration when subject has factuur, invoice", "mail-administration when folder is Administratie")
QUERIES = 200


class House(NamedTuple):
    """An archive with what it stands on."""

    archive: Archive
    vault: Vault


def _example() -> Path:
    """Return the folder of the worked example: in the package, or in the source tree."""
    packed = Path(__file__).parents[1] / "examples" / "koper"
    return packed if packed.is_dir() else Path(__file__).resolve().parents[3] / "examples" / "koper"


@contextmanager
def open_house(folder: Path, root: bytes) -> Iterator[House]:
    """Open an archive of its own in ``folder``, under a root key."""
    engine = open_sqlite(folder / "data.db", data_key(root), create=True)
    ledger = open_ledger(
        folder / "ledger", engine, clock=system_clock, entropy=system_entropy, remembered=folder / "remembered",
        origin="example.nl/bench",
    )  # fmt: skip
    versions = OneVersion(read_statement(_example()))
    vault = open_vault(folder, engine, ledger, versions, root_key=root, clock=system_clock, entropy=system_entropy)
    archive = open_archive(
        folder,
        store=ArchiveStore(engine),
        vault=vault,
        ledger=ledger,
        statements=versions,
        classes=Classes(read_rules(RULES, "bench"), ARCHIVE, versions, lambda _kinds: ()),
        reader=MailReader(),
        root_key=root,
        clock=system_clock,
        entropy=system_entropy,
    )
    try:
        yield House(archive, vault)
    finally:
        archive.close()
        vault.close()
        ledger.close()
        engine.close()


def run(*, size: int, quick: bool) -> dict[str, Any]:
    """Run the benchmark; ``quick``: at most 2,000 mails."""
    return document(measure(size=min(size, 2_000) if quick else size))


def measure(*, size: int) -> list[Result]:
    """Measure all rows on ``size`` generated mails."""
    with tempfile.TemporaryDirectory(prefix="gestand-bench-") as made:
        folder = Path(made)
        maildir = folder / "maildir"
        raw = _write(maildir, size)
        other = _notmuch(folder, maildir, size)
        data = folder / "data"
        data.mkdir()
        with open_house(data, system_entropy(32)) as house:
            results = [*_add(house, maildir, size, other), *_search(house, size), _person(house, size)]
            results += [*_prove(house, size), _erase(house, size)]
        stored = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
        ratio = stored / raw
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        return [
            *results,
            Result(
                "all bytes: messages, keys, indexes, ledger",
                size,
                stored,
                "B",
                raw,
                round(ratio, 3),
                0.95,
                ratio <= 0.95,
            ),
            Result("memory of the parent at its highest", size, peak, "MB", reach=400, holds=peak <= 400),
            Result("memory of a child at its highest, notmuch among them", size, child, "MB"),
        ]


def _write(maildir: Path, size: int) -> int:
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    raw = 0
    for number, content in enumerate(mails(size)):
        (maildir / "cur" / f"{number:07}.bench:2,S").write_bytes(content)
        raw += len(content)
    return raw


def _messages(maildir: Path) -> Iterator[tuple[bytes, Way]]:
    now = system_clock()
    for path in sorted((maildir / "cur").iterdir()):
        yield path.read_bytes(), Way("file", "bench", now, folder="INBOX")


def _add(house: House, maildir: Path, size: int, other: float | None) -> list[Result]:
    start = time.perf_counter()
    done = sum(1 for one in house.archive.admit_many(_messages(maildir)) if one.new)
    speed = size / (time.perf_counter() - start)
    if done != size or house.archive.coverage() != (size, size):
        raise DamagedError("bench-lost", f"{size} mails went in, {house.archive.coverage()} are there")
    ratio = round(speed / other, 2) if other else None
    return [
        Result("add: sealed, read, people found, indexed", size, round(speed), "messages/s", _whole(other), ratio, 4,
               holds=ratio is None or ratio >= 4),
    ]  # fmt: skip


def _whole(value: float | None) -> float | None:
    return None if value is None else round(value)


def _search(house: House, size: int) -> list[Result]:
    numbers, words, took = Numbers(3), vocabulary(), list[float]()
    for _ in range(QUERIES):
        query = f"{words[10 + numbers.below(2_000)]} {words[10 + numbers.below(2_000)]}"
        start = time.perf_counter()
        house.archive.search(query, ARCHIVE, actor=OWNER, reason="bench")
        took.append(1000 * (time.perf_counter() - start))
    took.sort()
    return [
        Result(f"search, two words, {name}", size, round(value, 2), "ms", reach=reach, holds=value <= reach)
        for name, value, reach in (("50th percentile", median(took), 5.0), ("95th", took[int(QUERIES * 0.95)], 50.0))
    ]


def _person(house: House, size: int) -> Result:
    took: list[float] = []
    for number in range(0, size, max(1, size // 50)):
        start = time.perf_counter()
        found = house.archive.of_person(f"klant{sender(number)}@example.nl", ARCHIVE, actor=OWNER, reason="bench")
        took.append(1000 * (time.perf_counter() - start))
        if not found:
            raise DamagedError("bench-lost", "the mail of somebody who wrote was not found")
    return _within("find a person, all that is known of them", size, took, 50)


def _erase(house: House, size: int) -> Result:
    took: list[float] = []
    for number in range(5, 25):
        found = house.archive.of_person(f"klant{sender(number)}@example.nl", ARCHIVE, actor=OWNER, reason="bench")
        start = time.perf_counter()
        done = house.archive.erase([found[0].message], ground="bench", actor=OWNER)
        took.append(1000 * (time.perf_counter() - start))
        if done.found_afterwards:
            raise DamagedError("bench-lost", "an erased mail was found again")
    return _within("erase one message, index and logs included", size, took, 60)


def _within(name: str, size: int, took: Sequence[float], reach: float) -> Result:
    found = median(took)
    return Result(name, size, round(found, 2), "ms", reach=reach, holds=found <= reach)


def _prove(house: House, size: int) -> list[Result]:
    start, used = time.perf_counter(), time.process_time() + _children_seconds()
    found = sum(1 for _ in house.archive.containing(b"zomerkanarievogeltje"))
    took, used = time.perf_counter() - start, time.process_time() + _children_seconds() - used
    if found:
        raise DamagedError("bench-lost", "what was never there was found")
    return [
        Result(name, size, round(size / seconds), unit, reach=5_000, holds=size / seconds >= 5_000)
        for name, seconds, unit in (
            ("prove absence: open, read and search everything", took, "messages/s"),
            ("the same, parent and child in one process's time", used, "messages per processor second"),
        )
    ]


def _children_seconds() -> float:
    """Return the processor time of the children that live now, and of those that were replaced."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            fields = Path(f"/proc/{child}/stat").read_text("ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") + ended.ru_utime + ended.ru_stime


def _notmuch(folder: Path, maildir: Path, size: int) -> float | None:
    """Return messages a second of ``notmuch new`` on the same mail; None where it is not installed."""
    program = shutil.which("notmuch")
    if program is None:
        return None
    config = folder / "notmuch-config"
    config.write_text(
        f"[database]\npath={maildir}\n[user]\nname=Bench\nprimary_email=bench@example.org\n[new]\ntags=new\n"
        "[search]\n[maildir]\nsynchronize_flags=false\n",
        encoding="utf-8",
    )
    start = time.perf_counter()
    subprocess.run([program, f"--config={config}", "new", "--quiet"], check=True, capture_output=True)  # noqa: S603 - a fixed command
    took = time.perf_counter() - start
    shutil.rmtree(maildir / ".notmuch", ignore_errors=True)
    return size / took
