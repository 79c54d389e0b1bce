"""A whole organisation on PostgreSQL: it lives, is proven, is moved there and back, and survives being killed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gestand.doors.demonstration.place import Place, make_place
from gestand.doors.demonstration.story import OWNER, live
from gestand.doors.house import world_of
from gestand.evidence.service import prove
from gestand.kernel.clock import SettableClock
from gestand.kernel.config import load_config
from gestand.kernel.config_edit import write_settings
from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import GestandError, UsageError
from gestand.relocation import move, remove_old
from gestand.storage.postgres import PostgresEngine
from gestand.system import open_system
from postgres_server import running_server

STORES = ("data.db", "keys.db")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Where on PostgreSQL, as gestand.toml says it."""
    server = running_server()
    monkeypatch.setenv("GESTAND_DSN", server.dsn())
    monkeypatch.setenv("GESTAND_KEYS_DSN", server.keys_dsn)
    return {"dsn": "env:GESTAND_DSN", "keys_dsn": "env:GESTAND_KEYS_DSN", "schema": server.schema()}


def verdicts(place: Place) -> list[tuple[str, str]]:
    return [(one.clause.id, str(one.finding)) for one in prove(world_of(place.open())).clauses]


def plaintext(place: Place) -> dict[str, list[str]]:
    """Everything that may be read of everybody, to answer them."""
    vault = place.open().vault
    opened = vault.open_many(list(vault.subjects()), "rights", actor=OWNER, reason="compare")  # type: ignore[arg-type]
    return {one.subject: sorted(item.value for item in one.items) for one in opened}


def carry_over(place: Place, engine: str, settings: dict[str, str], **more: Callable[[str], None]) -> None:
    place.close()
    move(place.folder, engine, settings=settings, actor=OWNER, clock=place.clock, entropy=system_entropy, **more)


def events(place: Place, name: str) -> int:
    return sum(entry.event.name == name for entry in place.open().ledger.entries())


def test_the_whole_story_happens_on_postgresql_and_its_statement_is_kept(
    tmp_path: Path, settings: dict[str, str], place: Place
) -> None:
    elsewhere = make_place(tmp_path / "elsewhere")
    write_settings(elsewhere.folder, {"engine": "postgres", **settings})
    try:
        live(elsewhere)
        assert isinstance(elsewhere.open().engine, PostgresEngine)
        assert [name for name in STORES if (elsewhere.folder / "data" / name).exists()] == []
        assert verdicts(elsewhere) == verdicts(place)
        assert "broken" not in {finding for _, finding in verdicts(elsewhere)}
        elsewhere.open().vault.verify()
        assert elsewhere.open().ledger.verify().size > 0
    finally:
        elsewhere.close()


def test_moved_there_it_reads_and_writes_without_the_old_files_and_comes_back(
    place: Place, settings: dict[str, str]
) -> None:
    before, kept = plaintext(place), verdicts(place)
    carry_over(place, "postgres", settings)
    data = place.folder / "data"
    assert {path.name for path in data.iterdir()} >= set(STORES)
    assert len(remove_old(place.folder)) >= 2
    left = {path.name for path in data.iterdir() if path.suffix == ".db"}
    assert left <= {"archive-index.db"}  # that one is made again wherever it lacks
    assert plaintext(place) == before
    assert (verdicts(place), events(place, "storage.moved")) == (kept, 1)
    house = place.open()
    [subject, *_] = house.vault.subjects()
    house.vault.erase([h.item for h in house.vault.holdings(subject)], ground="17(1)(a)", actor=OWNER)
    after = plaintext(place)
    assert subject not in after
    with pytest.raises(UsageError) as again:
        carry_over(place, "postgres", {})
    assert again.value.code == "move-already"
    carry_over(place, "sqlite", {})
    assert plaintext(place) == after
    assert events(place, "storage.moved") == 2
    place.close()
    assert len(remove_old(place.folder)) == 2
    assert plaintext(place) == after
    assert place.open().ledger.verify().size > 0


def test_killed_at_any_step_of_a_move_it_is_here_or_there_and_the_next_call_finishes(
    place: Place, settings: dict[str, str], tmp_path: Path
) -> None:
    before = plaintext(place)
    place.close()
    for number, step in enumerate(("move.begun", "move.keys", "move.data", "move.told", "move.switched")):
        folder = tmp_path / str(number)
        shutil.copytree(place.folder, folder)
        copy = Place(folder, SettableClock(place.clock()))
        where = {**settings, "schema": running_server().schema()}

        def kill(name: str, step: str = step) -> None:
            if name == step:
                os.kill(os.getpid(), signal.SIGKILL)

        child = os.fork()
        if child == 0:  # pragma: no cover - killed
            try:
                carry_over(copy, "postgres", where, failpoint=kill)
            finally:
                os._exit(3)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), step
        there = load_config(folder).engine == "postgres"
        assert there == (step == "move.switched")
        assert plaintext(copy) == before
        if not there:
            carry_over(copy, "postgres", where)
        assert plaintext(copy) == before
        assert events(copy, "storage.moved") == 1
        copy.close()


def test_nobody_is_moved_from_under_who_has_it_open(
    place: Place, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gestand.storage.sqlite._BUSY_MILLISECONDS", 50)
    with open_system(place.folder, clock=place.clock), pytest.raises(GestandError) as used:
        carry_over(place, "postgres", settings)
    assert used.value.code == "store-busy"
    assert load_config(place.folder).engine == "sqlite"


def test_keys_in_the_database_or_under_the_role_of_the_data_are_refused(
    place: Place, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = running_server()
    for wrong in (server.dsn(), server.dsn("gestand_keys", "gestand")):
        monkeypatch.setenv("GESTAND_KEYS_DSN", wrong)
        with pytest.raises(UsageError) as together:
            carry_over(place, "postgres", settings)
        assert together.value.code == "keys-not-apart"
    assert load_config(place.folder).engine == "sqlite"


@pytest.mark.parametrize(
    ("setting", "code"), [("postgresql://a:b@c/d", "dsn-setting"), ("env:NOT_SET", "dsn-missing"), ("", "config-dsn")]
)
def test_a_connection_string_is_never_written_out(place: Place, setting: str, code: str) -> None:
    with pytest.raises(UsageError) as refused:
        carry_over(place, "postgres", {"dsn": setting})
    assert refused.value.code == code


def test_a_file_with_a_connection_string_is_its_owners_alone(place: Place, settings: dict[str, str]) -> None:
    secret = place.folder / "keys" / "dsn"
    secret.write_text(running_server().dsn() + "\n")
    secret.chmod(0o644)
    with pytest.raises(UsageError) as readable:
        carry_over(place, "postgres", {**settings, "dsn": "file:keys/dsn"})
    assert readable.value.code == "dsn-open"
    secret.chmod(0o600)
    carry_over(place, "postgres", {**settings, "dsn": "file:keys/dsn"})
    assert plaintext(place) != {}


def test_the_command_line_moves_and_tells(gestand, place: Place, settings: dict[str, str]) -> None:
    place.close()
    words = [word for name, value in settings.items() for word in (f"--{name.replace('_', '-')}", value)]
    done = gestand("storage", "move", "--to", "postgres", *words, "--json")
    assert done.status == 0, done.err
    assert done.document["tables"]["vault_item"]["rows"] > 0
    assert gestand("storage", "show", "--json").document["engine"] == "postgres"
    assert len(gestand("storage", "move", "--remove-old", "--json").document["removed"]) >= 2
    assert gestand("ledger", "verify").status == 0
