"""The benchmark judges itself: an answer that is not the model's, or an opening without entry, makes a run worth nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gestand.bench.gdpr import run
from gestand.bench.gdpr.clients import Engine, Left, Place
from gestand.bench.gdpr.judging import Measured, Told, judge
from gestand.bench.gdpr.kept import Kept
from gestand.bench.gdpr.model import Answer, Model, agreement
from gestand.bench.gdpr.plain import Plain, SqliteTable
from gestand.bench.gdpr.records import record, text_of
from gestand.bench.gdpr.workload import MIXES, Kind, Op, checks, operations, shared_out
from gestand.kernel.errors import GestandError

SIZE, USERS = 500, 50


@pytest.fixture(params=["kept", "plain"])
def side(request: pytest.FixtureRequest, tmp_path: Path):
    made = Kept(tmp_path) if request.param == "kept" else Plain("plain SQLite", SqliteTable(tmp_path))
    made.load((record(key, USERS) for key in range(SIZE)), USERS)
    yield made
    made.close()


def test_after_every_mix_both_sides_answer_as_the_model_does(side):
    model = Model(SIZE, USERS)
    for mix in MIXES:
        for op in operations(mix, 60, SIZE, USERS, 1):
            asked = op._replace(number=model.fresh()) if op.kind is Kind.INSERT else op
            assert side.run(asked) == model.run(asked), asked
    for op in checks(100, SIZE, USERS, 1):
        assert side.run(op) == model.run(op), op


def test_a_change_that_reads_do_not_see_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Kept, "_change", lambda *_: Answer(1))  # says it is done, does nothing
    place = Place(Engine.KEPT_SQLITE, tmp_path, users=USERS)
    with pytest.raises(GestandError) as wrong:
        run.one_side(place, run.Wanted("customer", SIZE, USERS, 40, 1, clients=0), Told())
    assert wrong.value.code == "bench-wrong"


@pytest.mark.parametrize("engine", [Engine.KEPT_SQLITE, Engine.PLAIN_SQLITE])
def test_clients_in_processes_of_their_own_answer_as_the_model_does_also_over_skewed_subjects(
    engine: Engine, tmp_path: Path
):
    told = Told()
    wanted = run.Wanted("customer", SIZE, USERS, 60, 2, skewed=True, cache=tmp_path / "cache")
    for at in range(2):  # the second time from the files that the first has kept
        folder = tmp_path / str(at)
        folder.mkdir()
        measured = run.one_side(Place(engine, folder, users=USERS), wanted, told)
        assert (measured.right, len(measured.rates)) == (100.0, 2)
        assert measured.memory > 0
    assert len(told.notes) == (2 if engine.kept else 0)
    sizes = [sum(record(key, USERS, skewed=True).user == user for key in range(SIZE)) for user in range(USERS)]
    assert max(sizes) > 10 * sorted(sizes)[USERS // 2]


def test_what_is_shared_out_belongs_to_one_client_and_is_judged_by_its_answers():
    ops = operations("customer", 400, SIZE, 48, 3)
    for client in range(8):
        moved = shared_out(ops, client, 8, 48)
        assert {op.number % 48 % 8 for op in moved} == {client}
        assert [op.kind for op in moved] == [op.kind for op in ops]


def test_only_what_there_is_can_be_measured():
    with pytest.raises(GestandError) as unknown:
        run.run(size=1000, quick=True, mix="everything")
    assert unknown.value.code == "bench-unknown"


def test_a_ratio_below_its_bound_is_told_as_missed():
    told = Told()
    sides = [(Engine.KEPT_SQLITE, Measured([10.0, 20.0, 30.0])), (Engine.PLAIN_POSTGRES, Measured([20.0]))]
    judge("customer", 1000, sides, told)
    assert [(one.ratio, one.reach, one.holds) for one in told.results] == [(1.0, 1.2, False)]
    judge("customer, skewed", 1000, sides, told, bound=False)
    assert (told.results[-1].reach, told.results[-1].holds) == (None, True)


def test_an_opening_that_is_not_in_the_ledger_is_noticed(tmp_path: Path):
    side = Kept(tmp_path)
    side.load((record(key, USERS) for key in range(SIZE)), USERS)
    side.run(Op(Kind.READ, 3))
    assert run.duties_told("customer", side, [Left(side.duties, 0)]).count("1 openings = 1 in the ledger") == 1
    side.duties.openings += 1
    with pytest.raises(GestandError):
        run.duties_told("customer", side, [Left(side.duties, 0)])
    side.close()


def test_operations_are_the_same_each_time_and_keep_their_shares():
    ops = operations("customer", 4000, 1000, 100, 7)
    assert ops == operations("customer", 4000, 1000, 100, 7)
    assert ops != operations("customer", 4000, 1000, 100, 8)
    assert abs(sum(op.kind is Kind.UPDATE for op in ops) / 4000 - 0.4) < 0.03
    hottest = max(sum(op.number == key for op in ops if op.kind is Kind.READ) for key in range(1000))
    assert hottest > 800 * 0.02  # Zipf: the hottest record takes nearly four in a hundred


def test_records_are_a_hundred_characters_and_fresh_after_an_update():
    assert {len(text_of(key, turn)) for key in range(20) for turn in range(3)} == {100}
    assert len({text_of(1, turn) for turn in range(50)}) == 50
    assert agreement([Answer(1, 2), Answer(0)], [Answer(1, 2), Answer(1)]) == 50


def test_what_another_client_erased_is_not_there(tmp_path: Path):
    one = Kept(tmp_path)
    one.load((record(key, USERS) for key in range(SIZE)), USERS)
    other = Kept(tmp_path)
    assert other.run(Op(Kind.READ, 7)).met == 1
    assert one.run(Op(Kind.DELETE, 7)) == Answer(1)
    assert other.run(Op(Kind.READ, 7)) == Answer(0)
    assert other.run(Op(Kind.GONE, 7)) == Answer(0)
    other.close()
    one.close()


def test_the_memory_of_a_client_is_its_own_and_not_that_of_whoever_started_it():
    large = bytearray(300_000_000)  # what the parent holds
    asked = "from gestand.bench.gdpr.clients import most_memory; kept = bytearray(50_000_000); print(most_memory())"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert len(large) == 300_000_000
    assert 50_000_000 < int(said.stdout) < 250_000_000
