"""What counts as readable on disk: in the store all that is not of it, beside it a list of people, nowhere what chance makes."""

from __future__ import annotations

import gzip
import io
import os
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.lying import beside_the_store, clear_text, in_the_store
from gestand.evidence.model import Finding, Verdict
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.register.imagefile import MAGIC

NOW = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
LIST = "naam;telefoon\n" + "".join(f"Persoon {n};061234560{n}\n" for n in range(6))

SEALED = random.Random(1).randbytes(3_000)


@pytest.mark.parametrize("chance", [b"\xfe8k@Q7.zX\x80", b"\x01a@b.nl\x02", b"\x90aZ9%w1@b7D.xQ\xff"])
def test_what_chance_makes_of_sealed_bytes_is_no_readable_address(tmp_path, chance):
    (tmp_path / "data.db").write_bytes(SEALED + chance + SEALED)
    assert list(clear_text(tmp_path / "data.db")) == []


@pytest.mark.parametrize("address", [b"anna@example.nl", b"Bram.Jansen@example.org", b"EVA@EXAMPLE.NL"])
def test_an_address_in_the_clear_among_sealed_bytes_is_seen(tmp_path, address):
    (tmp_path / "data.db").write_bytes(SEALED + b"\x00" + address + b"\x00" + SEALED)
    assert list(clear_text(tmp_path / "data.db")) == ["data.db: holds readable addresses"]


def test_a_short_address_in_a_file_of_text_is_seen(tmp_path):
    (tmp_path / "lijst.csv").write_text("naam;e-mail\nAnna;a@b.nl\n", "utf-8")
    assert list(clear_text(tmp_path / "lijst.csv")) == ["lijst.csv: holds readable addresses"]


OF_THE_STORE = (
    "data.db", "data.db-wal", "data.db-shm", "keys.db", "keys.db-journal", "archive-index.db", "archive-index.db-wal",
    "outbox.lock", "epochs/epoch-000001.kek", "epochs/epoch-000002.new", "ledger/log", "ledger/state", "ledger/checkpoints",
    "ledger/tree/0", "ledger/tree/places", "ledger/tree/subjects/0-16384", "ledger/tree/subjects/.812-140211-0-16384",
    "ledger/streams/joining", "ledger/streams/0a1b2c3d/log", "ledger/streams/.new-0a1b2c3d/owner", ".carried/tmpab12/store.db-wal",
    ".nfs00000000012a",
)  # fmt: skip


def put(path: Path, content: bytes, *, days_ago: float = 30) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = (NOW - timedelta(days=days_ago)).timestamp()
    os.utime(path, (moment, moment))
    return path


@pytest.mark.parametrize("name", OF_THE_STORE)
def test_what_this_program_writes_in_the_store_belongs_there(tmp_path, name):
    put(tmp_path / name, SEALED)
    assert in_the_store(tmp_path, NOW).faults == ()


def test_an_image_begins_as_one_and_an_empty_file_says_nothing(tmp_path):
    put(tmp_path / "images" / "img_aaaa", MAGIC + SEALED)
    put(tmp_path / "leeg.csv", b"")
    assert in_the_store(tmp_path, NOW).faults == ()
    put(tmp_path / "images" / "img_bbbb", SEALED)
    assert in_the_store(tmp_path, NOW).faults == ("images/img_bbbb: is no sealed copy",)


@pytest.mark.parametrize(
    "name", ["klanten.csv", "oud.csv.gz", "ledger/klanten.txt", "epochs/sleutels", "copy.db", "data.db.bak"]
)
def test_whatever_else_lies_in_the_store_is_not_sealed_also_where_no_address_stands_in_it(tmp_path, name):
    put(tmp_path / name, b"Anna de Vries;Lindelaan 14\n", days_ago=0)
    [fault] = in_the_store(tmp_path, NOW).faults
    assert fault == f"{name}: no file of the store, and so not sealed"


def test_a_disk_may_lie_plain_for_as_long_as_somebody_works_at_it(tmp_path):
    put(tmp_path / "disks" / "schijf.img", b"anna@example.nl", days_ago=6)
    found = in_the_store(tmp_path, NOW)
    assert (found.faults, found.worked_at) == ((), 1)
    put(tmp_path / "disks" / "schijf.img", b"anna@example.nl", days_ago=8)
    assert in_the_store(tmp_path, NOW).faults == ("disks/schijf.img: a plain disk that nobody worked at for a week",)


def pack_gzip(path: Path) -> Path:
    return put(path.with_name("lijst.csv.gz"), gzip.compress(LIST.encode()))


def pack_zip(path: Path) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("xl/sharedStrings.xml", LIST)
    return put(path.with_name("lijst.xlsx"), content.getvalue())


def plain(path: Path) -> Path:
    return put(path, LIST.encode())


def wide(path: Path) -> Path:
    return put(path, LIST.encode("utf-16"))


@pytest.mark.parametrize("make", [plain, wide, pack_gzip, pack_zip])
def test_a_list_of_people_beside_the_store_is_seen_in_whatever_it_is_packed(tmp_path, make):
    path = make(tmp_path / "export" / "lijst.csv")
    assert beside_the_store(tmp_path, [], NOW).faults == (f"export/{path.name}: a readable list of people",)


def test_what_the_sources_declare_the_texts_of_the_organisation_and_a_few_own_addresses_are_no_list(tmp_path):
    put(tmp_path / "kassa.db", LIST.encode())
    put(tmp_path / "map" / "lijst.csv", LIST.encode())
    put(tmp_path / "published" / "v" / "lijst.csv", LIST.encode())
    put(tmp_path / "statement.nl.md", LIST.encode())
    put(tmp_path / "website.txt", b"info@example.nl\n0485-340100\nBergen 5854 GH\n" * 50)
    put(tmp_path / "kapot.xlsx", b"PK\x03\x04" + SEALED)
    (tmp_path / "verwijzing.csv").symlink_to(tmp_path / "map" / "lijst.csv")
    found = beside_the_store(tmp_path, [tmp_path / "kassa.db", tmp_path / "map"], NOW)
    assert (found.faults, found.whole) == ((), True)


def test_a_list_that_is_taken_in_may_lie_there_for_a_day_and_what_was_refused_of_it_too(tmp_path):
    put(tmp_path / "klanten.csv", LIST.encode(), days_ago=0.9)
    put(tmp_path / "klanten.csv.errors.csv", b"row,value\n3,anna@example.nl\n", days_ago=0.5)
    found = beside_the_store(tmp_path, [], NOW)
    assert (found.faults, found.worked_at) == ((), 2)
    put(tmp_path / "klanten.csv.errors.csv", b"row,value\n3,anna@example.nl\n", days_ago=2)
    assert beside_the_store(tmp_path, [], NOW).faults == ("klanten.csv.errors.csv: a readable list of people",)


def test_a_folder_with_too_much_in_it_is_said_to_be_looked_through_in_part(tmp_path):
    for number in range(20):
        put(tmp_path / f"{number}.txt", b"x" * (1 << 20))
    found = beside_the_store(tmp_path, [], NOW)
    assert (found.whole, found.files) == (False, 16)


def verdict(sandbox: DemonstrationSandbox) -> Verdict:
    return run_control(controls()["sealed-at-rest"], sandbox.world()).verdict


def test_the_verdict_says_where_was_looked_and_what_is_worked_at(sandbox: DemonstrationSandbox):
    whole = verdict(sandbox)
    assert whole.finding is Finding.KEPT
    assert "in de map van de organisatie" in whole.why.nl
    path = sandbox.folder / "klanten.csv"
    path.write_text(LIST, "utf-8")
    now = sandbox.clock().timestamp()
    os.utime(path, (now, now))
    assert "waar nu aan gewerkt wordt (1)" in verdict(sandbox).why.nl
    sandbox.clock.advance(timedelta(days=2))
    assert verdict(sandbox).finding is Finding.BROKEN


def test_what_a_source_declares_is_left_alone_also_where_its_file_or_the_statement_has_faults(
    sandbox: DemonstrationSandbox,
):
    (sandbox.folder / "winkel.db").write_text(LIST, "utf-8")
    moment = (sandbox.clock() - timedelta(days=30)).timestamp()
    os.utime(sandbox.folder / "winkel.db", (moment, moment))
    assert verdict(sandbox).finding is Finding.BROKEN
    (sandbox.folder / "sources" / "winkel.toml").write_text('kind = "sql"\npath = "winkel.db"\nfout = 1\n', "utf-8")
    (sandbox.folder / "sources" / "stuk.toml").write_text("path = ", "utf-8")
    assert verdict(sandbox).finding is Finding.KEPT


def locked(folder: Path) -> set[str]:
    """Return the names of the files of the store on which this process has a lock, as the kernel tells."""
    names = {path.stat().st_ino: path.name for path in folder.glob("*.db*")}
    held = (line.split() for line in Path("/proc/locks").read_text("ascii").splitlines())
    return {
        names[inode]
        for _, _, _, _, who, where, *_ in (one for one in held if one[1] != "->")
        if int(who) == os.getpid() and (inode := int(where.rpartition(":")[2])) in names
    }


def test_looking_at_the_store_lets_go_of_none_of_its_locks(sandbox: DemonstrationSandbox):
    """Whoever opens a store that nobody seems to have open removes its log: what was acknowledged would be lost."""
    house = sandbox.place.open()
    house.vault.counts()
    before = locked(sandbox.folder / "data")
    assert {"data.db", "keys.db"} <= before
    assert verdict(sandbox).finding is Finding.KEPT
    assert locked(sandbox.folder / "data") == before
