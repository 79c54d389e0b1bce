"""A book of phrases: what was filled in stays where it was, whatever it says."""

from __future__ import annotations

import pytest

from gestand.doors.dutch.phrases import Phrases

BOOK = Phrases(
    {"{} lies before {}": "{} ligt voor {}", "there is a {} {}": "nummer {1} van soort {0} is er", "gone": "weg"}
)


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("gone", "weg"),
        ("a lies before b", "a ligt voor b"),
        ("{} lies before {1}", "{} ligt voor {1}"),
        ("there is a job {0}", "nummer {0} van soort job is er"),
        ("gone again", None),
    ],
)
def test_a_sentence_is_told_with_the_same_words_in_its_holes(english: str, dutch: str | None) -> None:
    assert BOOK.into(english) == dutch
