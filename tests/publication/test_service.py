from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engines import open_store
from gestand.kernel.clock import SettableClock
from gestand.kernel.errors import DamagedError, InputError, RefusedError
from gestand.kernel.ids import ActorId
from gestand.ledger.events import EVENTS
from gestand.publication import service
from gestand.publication.find import find_version
from gestand.publication.folder import read_statement
from gestand.publication.service import Publication, open_publication
from gestand.storage.engine import Engine
from publication.ledger_engine import Memory
from statement.firm import CONTROLS, files

pytestmark = pytest.mark.on_both_engines
OWNER = ActorId("owner")
MARCH = date(2026, 3, 1)
LONGER = ('"2 years"', '"3 years"')


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    folder = tmp_path / "jansen"
    folder.mkdir()
    draft(folder)
    return folder


def draft(folder: Path, version: str = "2026-03-01", policy: tuple[str, str] | None = None) -> None:
    found = files(policy=policy) if policy else files()
    for name, content in found.items():
        (folder / name).write_bytes(content.replace(b'"2026-03-01"', f'"{version}"'.encode()))


class World:
    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.clock = SettableClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        self.ledger = Memory(engine)
        self.publication: Publication = open_publication(folder, engine, self.ledger, clock=self.clock)

    def publish(self, on: date = MARCH, **options):
        options = {"controls": CONTROLS, **options}
        return self.publication.publish(read_statement(self.folder), in_force_from=on, actor=OWNER, **options)


@contextmanager
def opened(folder: Path) -> Iterator[World]:
    engine = open_store(folder.parent / "store.db", bytes(32))
    try:
        yield World(folder, engine)
    finally:
        engine.close()


@pytest.fixture
def world(firm: Path) -> Iterator[World]:
    with opened(firm) as made:
        yield made


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises((RefusedError, DamagedError)) as caught:
        yield
    assert caught.value.code == code
    assert caught.value.remedy


def test_publishing_makes_a_version_current_and_records_it(world: World):
    published = world.publish()
    assert world.publication.in_force().digest == published.digest
    assert world.publication.history() == (published,)
    (event,) = world.ledger.events
    assert event.name == "statement.published"
    assert set(event.facts) <= set(EVENTS[event.name])
    assert event.facts["digest"] == published.digest


def test_the_copy_is_exact(world: World):
    world.publish()
    for name, content in files().items():
        assert (world.folder / "published" / "2026-03-01" / name).read_bytes() == content


def test_nothing_is_in_force_before_the_first_day(world: World):
    with refused("nothing-in-force"):
        world.publication.in_force()
    world.publish(on=date(2026, 3, 9))
    with refused("nothing-in-force"):
        world.publication.in_force()
    assert world.publication.in_force(date(2026, 3, 9)).version == "2026-03-01"


def test_editing_the_draft_does_not_touch_what_is_in_force(world: World):
    world.publish()
    draft(world.folder, "2026-04-01", LONGER)
    assert str(world.publication.in_force().policy.shelves["customers"].period) == "2 years"


def test_publishing_the_same_version_twice_changes_nothing(world: World):
    assert world.publish() == world.publish()
    assert len(world.ledger.events) == 1


def test_a_published_version_cannot_be_changed(world: World):
    world.publish()
    draft(world.folder, policy=LONGER)
    with refused("version-published"):
        world.publish()
    draft(world.folder)
    with refused("version-published"):
        world.publish(on=date(2026, 5, 1))


def test_a_statement_with_errors_is_not_published(world: World):
    draft(world.folder, policy=('country = "NL"', 'country = "US"'))
    with pytest.raises(InputError) as caught:
        world.publish()
    assert [p.code for p in caught.value.problems] == ["transfer-without-ground"]
    assert world.publication.history() == ()
    assert not (world.folder / "published").exists()


def test_an_enlarging_version_needs_its_notice(world: World):
    world.publish()
    draft(world.folder, "2026-04-01", LONGER)
    with refused("notice-too-short"):
        world.publish(on=MARCH + timedelta(days=13))
    with refused("not-first"):
        world.publish(on=MARCH, first=True)
    with refused("notice-too-short"):
        world.publish(on=MARCH + timedelta(days=20), notice_days=30)
    world.publish(on=MARCH + timedelta(days=14))
    assert world.publication.in_force().version == "2026-03-01"
    world.clock.move_to(datetime(2026, 3, 15, 12, tzinfo=UTC))
    assert world.publication.in_force().version == "2026-04-01"
    assert world.ledger.events[-1].facts["enlarging"] == 1


def test_a_narrower_version_may_be_in_force_at_once(world: World):
    world.publish()
    draft(world.folder, "2026-03-02", ('"2 years"', '"1 year"'))
    world.publish()
    assert world.publication.in_force().version == "2026-03-02"


def test_nothing_is_backdated_or_out_of_order(world: World):
    with refused("backdated"):
        world.publish(on=date(2026, 2, 28))
    world.publish(on=date(2026, 3, 10))
    draft(world.folder, "2026-03-02", ('"2 years"', '"1 year"'))
    with refused("in-force-order"):
        world.publish(on=date(2026, 3, 9))
    draft(world.folder, "2026-02-01", ('"2 years"', '"1 year"'))
    with refused("version-older"):
        world.publish(on=date(2026, 3, 11))


def test_a_dry_run_judges_and_writes_nothing(world: World):
    assert world.publish(dry_run=True).version == "2026-03-01"
    assert world.publication.history() == ()
    assert not (world.folder / "published").exists()
    with refused("backdated"):
        world.publish(on=date(2026, 2, 28), dry_run=True)


def bring_along(folder: Path) -> None:
    earlier = folder / "versions" / "2018-05-25"
    earlier.mkdir(parents=True)
    draft(earlier, "2018-05-25", ('"2 years"', '"1 year"'))


def test_earlier_versions_that_are_brought_along_become_part_of_the_history(world: World):
    bring_along(world.folder)
    with refused("notice-too-short"):  # longer than in 2018
        world.publish()
    world.publish(first=True)
    assert [(v.version, v.in_force_from) for v in world.publication.history()] == [
        ("2018-05-25", date(2018, 5, 25)),
        ("2026-03-01", MARCH),
    ]
    assert world.publication.in_force(date(2020, 1, 1)).version == "2018-05-25"
    old = world.publication.version("2018-05-25")
    assert old is not None
    assert str(old.policy.shelves["customers"].period) == "1 year"
    assert world.publication.version("2019-01-01") is None


@pytest.mark.parametrize("place", ["published/2026-03-01/policy.toml", "versions/2018-05-25/statement.nl.md"])
def test_a_published_file_that_was_changed_is_detected(firm: Path, place: str):
    bring_along(firm)
    with opened(firm) as world:
        world.publish(first=True)
        assert world.publication.verify() == 2
    (firm / place).write_bytes((firm / place).read_bytes().replace(b"1", b"9", 1))
    with opened(firm) as world, refused("publication-changed"):
        world.publication.verify()


def test_a_change_of_files_and_stamp_together_is_still_detected_by_the_store(firm: Path):
    with opened(firm) as world:
        digest = world.publish().digest
    copy = firm / "published" / "2026-03-01"
    draft(copy, policy=LONGER)
    stamp = copy / "published.toml"
    stamp.write_text(stamp.read_text().replace(digest, read_statement(copy).digest))
    assert (
        str(find_version(firm, "2026-03-01").policy.shelves["customers"].period) == "3 years"
    )  # the folder alone is deceived
    with opened(firm) as world, refused("publication-changed"):
        world.publication.in_force()


def test_a_published_folder_that_is_gone_is_detected(firm: Path):
    with opened(firm) as world:
        world.publish()
    (firm / "published").rename(firm / "elsewhere")
    with opened(firm) as world, refused("publication-missing"):
        world.publication.in_force()


def test_a_changed_copy_is_detected_without_the_store_too(firm: Path):
    with opened(firm) as world:
        world.publish()
    assert find_version(firm, "2026-03-01").folder.endswith("published/2026-03-01")
    text = firm / "published" / "2026-03-01" / "statement.en.md"
    text.write_bytes(text.read_bytes() + b"\nMore.\n")
    with refused("publication-changed"):
        find_version(firm, "2026-03-01")
    (firm / "published" / "2026-03-01" / "published.toml").unlink()
    with refused("publication-stamp"):
        find_version(firm, "2026-03-01")


def test_files_that_change_while_they_are_published_are_refused(world: World):
    statement = read_statement(world.folder)
    draft(world.folder, policy=LONGER)
    with refused("changed-meanwhile"):
        world.publication.publish(statement, in_force_from=MARCH, actor=OWNER)


def test_of_two_who_publish_at_once_one_has_published_and_the_other_is_told(firm: Path, monkeypatch):
    with opened(firm) as one, opened(firm) as two:
        judge = service.refusal

        def meanwhile(*asked, **how):
            monkeypatch.setattr(service, "refusal", judge)
            draft(firm, policy=LONGER)
            one.publish()
            return judge(*asked, **how)

        monkeypatch.setattr(service, "refusal", meanwhile)
        with refused("version-published"):
            two.publish()
    with opened(firm) as world:
        assert world.publication.verify() == 1
        assert world.publication.in_force().version == "2026-03-01"


KILL = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {paths!r}
from publication.test_service import opened
import gestand.publication.copies as copies
import gestand.publication.store as store
real = Path.rename
def rename(self, goal):
    if {moment!r} == "before the rename":
        os.kill(os.getpid(), signal.SIGKILL)
    real(self, goal)
    if {moment!r} == "after the rename":
        os.kill(os.getpid(), signal.SIGKILL)
Path.rename = rename
add = store.PublicationStore.add
def killing(self, kept):
    add(self, kept)
    if {moment!r} == "before the commit":
        os.kill(os.getpid(), signal.SIGKILL)
store.PublicationStore.add = killing
with opened(Path({folder!r})) as world:
    world.publish()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment", ["before the rename", "after the rename", "before the commit", "after the commit"])
def test_publishing_that_is_killed_has_happened_wholly_or_not_at_all(firm: Path, moment: str):
    here = Path(__file__).parent
    paths = [str(here.parent)]
    script = KILL.format(paths=paths, moment=moment, folder=str(firm))
    killed = subprocess.run([sys.executable, "-c", script], env={**os.environ}, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with opened(firm) as world:
        done = moment == "after the commit"
        assert [v.version for v in world.publication.history()] == (["2026-03-01"] if done else [])
        published = world.publish()
        assert world.publication.history() == (published,)
        assert world.publication.verify() == 1
    assert [p.name for p in (firm / "published").iterdir()] == ["2026-03-01"]


def test_a_leftover_of_an_interrupted_run_is_replaced_by_what_is_published(firm: Path):
    leftover = firm / "published" / "2026-03-01"
    leftover.mkdir(parents=True)
    (leftover / "policy.toml").write_bytes(b"half")
    with opened(firm) as world:
        world.publish()
        assert world.publication.verify() == 1
    assert (leftover / "policy.toml").read_bytes() == files()["policy.toml"]
