from gestand.bench import ledger as bench
from gestand.bench.report import document


def test_the_benchmark_measures_all_rows_and_counts_what_it_wrote(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "WRITERS", 2)
    results = bench.measure(size=1000, rounds=1, folder=tmp_path)
    by_name = {result.name: result for result in results}
    assert {result.reach for result in results if result.reach} == {30_000, 6_000, 200_000}
    assert all(result.ours > 0 for result in results)
    assert all(result.holds == (result.reach is None or result.ours >= result.reach) for result in results)
    assert by_name["verification, one core"].size == 1000
    told = document(results)
    assert set(told["results"][0]) == {"name", "size", "ours", "other", "unit", "ratio", "reach", "holds"}
    assert told["machine"]["cores"] > 0
    assert not list(tmp_path.iterdir())
