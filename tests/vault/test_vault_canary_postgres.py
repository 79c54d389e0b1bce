"""What is left in the files of a PostgreSQL server of what was erased: measured over every byte of its data folder.

Once dead rows were dropped, their bytes may still stand in the free space of the tables, the wrapped key's too; once the epoch
turned, which writes the tables anew, they do not, and the key they were wrapped under is gone. The server's write-ahead log does,
until its segments are written over: that is said in SECURITY.md, and shown here with the same search.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from vault_world import EMAIL, JOB, NAME, NOTE, OWNER, World

from engines import chosen
from gestand.kernel.crypto import unpermute
from gestand.kernel.entropy import system_entropy
from gestand.kernel.ids import SubjectId
from gestand.vault.model import NewItem, NewSubject
from gestand.vault.place import item_place, subject_bytes
from gestand.vault.sealing import TOKEN_SIZE
from postgres_server import SUPERUSER, Server, running_server

FAMILIES = ("Bakker", "Visser", "Smit", "Mulder", "Bos", "Dekker", "Kuipers", "Hendriks")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in chosen("postgres").items():
        monkeypatch.setenv(name, value)
    made = World(tmp_path, within=3600, entropy=system_entropy)
    yield made
    made.close()


@pytest.fixture
def server() -> Server:
    return running_server()


def ask(server: Server, *statements: str) -> None:
    with psycopg.connect(server.dsn(SUPERUSER, SUPERUSER), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def found(server: Server, needles: dict[str, bytes]) -> dict[str, set[str]]:
    """Return for each needle in which folders of the cluster it stands, everything that was written being on disk."""
    ask(server, "CHECKPOINT")
    places: dict[str, set[str]] = {name: set() for name in needles}
    cluster = server.folder / "cluster"
    for path in cluster.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for name, needle in needles.items():
                if needle in content:
                    places[name].add(path.relative_to(cluster).parts[0])
    return places


def write_over_the_log(server: Server) -> None:
    """Fill as many segments as the log has and two more: a segment that was kept for use again forgets only when it is filled."""
    segments = [path for path in (server.folder / "cluster" / "pg_wal").iterdir() if path.is_file()]
    fill = f"SELECT pg_logical_emit_message(false, 'fill', repeat('x', {15 << 20}))"
    for _ in range(len(segments) + 2):
        ask(server, fill, "SELECT pg_switch_wal()", "CHECKPOINT")


def people(world: World) -> SubjectId:
    new = [
        NewSubject(
            (
                NewItem(NAME, f"Jolijn Uniekenaam-{family}", JOB, "customer"),
                NewItem(EMAIL, f"jolijn.{family}@example.nl", JOB, "customer"),
                NewItem(NOTE, f"Canarievogel {family} zingt niet meer", JOB, "own"),
            )
        )
        for family in FAMILIES
    ]
    return world.vault.add(new, actor=OWNER, reason="order")[3]


def traces(world: World, subject: SubjectId) -> dict[str, bytes]:
    """Return what stands on disk of a subject: its id, ciphertexts, wrapped keys, and every block of its tokens."""
    room = world.vault._room
    needles = {}
    for held in world.vault.holdings(subject):
        row = room.store.item(*item_place(held.item))
        assert row is not None
        needles[f"ciphertext of {held.field}"] = row.sealed[13:]
        tokens = row.token or b""
        for at in range(0, len(tokens), TOKEN_SIZE):
            needles[f"token {at // TOKEN_SIZE} of {held.field}"] = tokens[at : at + TOKEN_SIZE]
    wrapped = room.keys.engine.execute(
        "SELECT bucket, wrapped FROM vault_key WHERE subject = ?", (subject_bytes(subject),)
    )
    needles |= {f"key {bucket}": bytes(one)[13:] for bucket, one in wrapped}  # type: ignore[arg-type]
    own = {"token 2", "token 5"}  # bones of Uniekenaam, which the others have too
    return {name: needle for name, needle in needles.items() if not any(name.startswith(one + " ") for one in own)}


PLAIN = {"plain name": b"Uniekenaam", "plain note": b"Canarievogel", "plain e-mail": b"jolijn."}


@pytest.mark.slow
def test_of_what_was_erased_nothing_stands_in_the_tables_and_what_the_log_holds_opens_nothing(
    world: World, server: Server
) -> None:
    subject = people(world)
    needles = traces(world, subject)
    before = found(server, needles)
    assert all("base" in places for places in before.values()), "the search does not see what is there"
    assert any("pg_wal" in places for places in before.values())
    key = world.vault._room.token_key()
    erasure = world.vault.erase([h.item for h in world.vault.holdings(subject)], ground="17", actor=OWNER)
    assert erasure.found_afterwards == 0
    world.vault.cut_residue()
    world.vault.rotate(actor=OWNER)
    after = found(server, needles)
    assert {name: places for name, places in after.items() if "base" in places} == {}
    assert set().union(*after.values()) <= {"pg_wal"}
    assert world.vault._room.token_key() != key
    assert len(unpermute(key, next(iter(needles.values()))[:TOKEN_SIZE])) == TOKEN_SIZE
    assert found(server, PLAIN) == {name: set() for name in PLAIN}


@pytest.mark.slow
def test_without_a_rewrite_old_tokens_stay_in_the_free_space_of_the_tables(world: World, server: Server) -> None:
    subject = people(world)
    needles = traces(world, subject)
    engine = world.engine
    engine.execute("UPDATE vault_item SET token = NULL")
    engine.execute("DELETE FROM vault_token")
    engine.expunge()
    left = {name for name, places in found(server, needles).items() if name.startswith("token") and "base" in places}
    engine.expunge(whole=True)
    gone = {name for name, places in found(server, needles).items() if name.startswith("token") and "base" in places}
    assert left, "if a plain vacuum did as much, the tables need not be written anew"
    assert gone == set()


@pytest.mark.slow
def test_the_log_of_the_server_forgets_when_its_segments_are_written_over(world: World, server: Server) -> None:
    subject = people(world)
    needles = traces(world, subject)
    world.vault.erase([h.item for h in world.vault.holdings(subject)], ground="17", actor=OWNER)
    world.vault.rotate(actor=OWNER)
    held = {name for name, places in found(server, needles).items() if "pg_wal" in places}
    assert held
    write_over_the_log(server)
    assert {name: places for name, places in found(server, needles).items() if places} == {}
