"""How often a change waits for a server, whatever it does there: once for each journey, and not once for each statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from vault_world import EMAIL, JOB, NAME, NOTE, OWNER, SUPPORT, World

from engines import chosen
from gestand.storage.postgres_line import Answer, Line
from gestand.vault.model import NewItem, NewSubject

WARM = 2
"""Times that everything is done before it is counted: statements are prepared, the statement in force is known."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in chosen("postgres").items():
        monkeypatch.setenv(name, value)
    made = World(tmp_path, within=3600)
    yield made
    made.close()


@pytest.fixture
def journeys(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], int]:
    """Count how often something waits for what was sent since the wait before."""
    seen = [0]
    sent: set[Line] = set()
    sending, waiting, settling = Line._send, Line.wait_for, Line.settle

    def send(line: Line, *rest) -> None:
        sent.add(line)
        sending(line, *rest)

    def wait_for(line: Line, answer: Answer) -> None:
        if not answer.come:
            seen[0] += line in sent
            sent.discard(line)
        waiting(line, answer)

    def settle(line: Line) -> None:
        seen[0] += line in sent
        sent.discard(line)
        settling(line)

    monkeypatch.setattr(Line, "_send", send)
    monkeypatch.setattr(Line, "wait_for", wait_for)
    monkeypatch.setattr(Line, "settle", settle)

    def counted(act: Callable[[], object]) -> int:
        seen[0] = 0
        act()
        return seen[0]

    return counted


def test_a_change_waits_for_few_journeys_however_many_data_share_its_key(
    world: World, journeys: Callable[[Callable[[], object]], int]
) -> None:
    vault = world.vault
    found: dict[str, int] = {}
    for number in range(WARM + 1):
        notes = tuple(NewItem(NOTE, f"x{at}", JOB, "own") for at in range(20))
        data = (NewItem(NAME, "Carla Smit", JOB, "own"), NewItem(EMAIL, "c@example.nl", JOB, "own"), *notes)
        subject, other = vault.add([NewSubject(data), NewSubject(data)], actor=OWNER, reason="order")
        first, second = [
            next(held.item for held in vault.holdings(who) if held.field == NOTE) for who in (subject, other)
        ]

        def erase(item=second) -> None:
            assert vault.erase([item], ground="17", actor=OWNER).found_afterwards == 0

        found = {
            "open": journeys(lambda who=subject: vault.open(who, SUPPORT, actor=OWNER, reason="call")),
            "rectify": journeys(lambda item=first, n=number: vault.rectify(item, f"y{n}", actor=OWNER, reason="asked")),
            "erase": journeys(erase),
        }
    # Rows and keys, on their way at the same time; for a change the turn before them, and the commit after. An erasure has
    # a turn and a commit in the key store besides, and the search for what is left: rows with what a key was made from, keys.
    assert found == {"open": 2, "rectify": 4, "erase": 8}
