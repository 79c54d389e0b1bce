from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gestand.kernel.errors import InputError
from gestand.kernel.paper import from_paper, to_paper

KEYS = st.binary(min_size=1, max_size=90)


@given(KEYS, KEYS, st.randoms())
def test_what_is_typed_as_printed_comes_back_in_any_order(first, second, random):
    lines = [*to_paper("ROOT", first), *to_paper("E12", second), "", "een regel die geen sleutel is"]
    random.shuffle(lines)
    assert from_paper("\n".join(lines), "paper") == {"ROOT": first, "E12": second}


@given(KEYS, st.data())
def test_one_wrong_digit_is_found_in_its_line(key, data):
    lines = list(to_paper("ROOT", key))
    number = data.draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    place = data.draw(st.sampled_from([at for at, c in enumerate(line) if at > 8 and c != " "]))
    other = data.draw(st.sampled_from([c for c in "0123456789abcdef" if c != line[place]]))
    lines[number] = line[:place] + other + line[place + 1 :]
    with pytest.raises(InputError) as found:
        from_paper("\n".join(lines), "paper")
    assert {problem.line for problem in found.value.problems} == {number + 1}


@given(st.binary(min_size=9, max_size=90), st.data())
def test_a_line_left_out_is_missed(key, data):
    lines = list(to_paper("ROOT", key))
    del lines[data.draw(st.integers(0, len(lines) - 1))]
    with pytest.raises(InputError) as found:
        from_paper("\n".join(lines), "paper")
    assert found.value.problems[0].code == "paper-incomplete"


def test_nothing_typed():
    with pytest.raises(InputError) as found:
        from_paper("hallo", "paper")
    assert found.value.problems[0].code == "paper-empty"
