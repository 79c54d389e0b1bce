import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.law.transparency import antipatterns, lint, triggers, vocabulary_lists
from gestand.law.transparency.cues import Cue, Statement
from gestand.law.transparency.linting import _CUES
from gestand.law.transparency.literals import branches, pieces
from gestand.law.transparency.wording import LOOKED_UP, Words, words
from gestand.reading.documents import read_statement

STATEMENTS = Path(__file__).parent / "statements"


def _of(cue: Cue) -> list[Words]:
    fields = (cue.says, cue.also, cue.scope, cue.near, cue.unless, cue.unless_scope, cue.unless_near)
    return [one for one in fields if isinstance(one, Words)]


RULES = [
    *(one for cues in _CUES.values() for cue in cues for one in _of(cue)),
    *triggers.TRIGGERS.values(),
    *antipatterns._SIGNS.values(),
    *vocabulary_lists.DATA.values(),
    *vocabulary_lists.PURPOSES.values(),
    *vocabulary_lists.RECIPIENTS.values(),
]


@pytest.mark.parametrize("name", ["first-statement.txt", "18-gemeente.html", "09-housing.md", "28-usaddendum.html"])
def test_looking_up_pieces_never_keeps_a_rule_from_matching(name):
    passages = Statement.read(read_statement(STATEMENTS / name)).passages
    plain = {rule.pattern: re.compile(rule.pattern, re.IGNORECASE) for rule in RULES}
    for passage in passages:
        for rule in RULES:
            assert bool(rule.search(passage.text)) == bool(plain[rule.pattern].search(passage.text)), rule.pattern


PATTERNS = [
    r"a(?:bc|d)?e|f{2,3}g",
    r"(?<!no )consent\b|\b(?-i:AP)\b(?!I)",
    r"[a-c]d|x\.y",
    r"^(?:de |a )?ab.{0,9}(?:ba|c)$",
    r"\w{1,3}b+c*|€ ?\d",
    r"(?:a|b)(?:c|)",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=80, deadline=None)
@given(text=st.text(alphabet="abcdefgxyAPI. €1no", max_size=30))
def test_a_branch_is_tried_wherever_it_matches(pattern, text):
    assert bool(words(pattern).search(text)) == bool(re.search(pattern, text, re.IGNORECASE))


def test_a_branch_needs_the_pieces_of_every_word_in_it():
    (_, needs), (_, none) = branches(r"(?:binnen|within).{0,20}maand|\d{2}")
    assert set(needs) == {frozenset({"binn", "with"}), frozenset({"maan"})}
    assert none == ()
    assert pieces("Ab") == frozenset({"ab", "a", "b"})


def test_a_long_text_is_read_too():
    assert words("maand").search("x" * (LOOKED_UP + 1) + " maand")
    assert not words("maand").search("x" * (LOOKED_UP + 1))


def test_a_bold_question_opens_a_section():
    text = "**Hoe lang?** Camerabeelden 4 weken.\n\n**Wie ziet het?** Onze boekhouder krijgt uw facturen."
    assert lint(text).status("L12") == "present"
    assert lint(text).status("L09") == "present"
