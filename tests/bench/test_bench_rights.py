from gestand.bench import rights, shop


def test_both_sides_find_and_erase_the_same_and_all_rows_are_measured(monkeypatch):
    for module in (rights, shop):
        monkeypatch.setattr(module, "CARDS", 21)
        monkeypatch.setattr(module, "LOGINS", 44)
    monkeypatch.setattr(rights, "TOGETHER", 10)
    results = rights.measure(size=1000, rounds=1)
    assert [result.reach for result in results] == [2.0, 50, 2.0]
    assert all(result.ours > 0 for result in results)
    assert results[0].size == 19_500 + 6 * (19 + 40)
