"""The verdict on a clause, and what breaks with a broken control: properties of the judgement."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.doors.demonstration.place import example_folder
from gestand.evidence.model import ClauseFinding, Control, ControlResult, Finding, Verdict
from gestand.evidence.registry import AWAITED, controls
from gestand.evidence.rules import clauses_that_turn_red, dependants, judge_clause, judge_statement, propagate
from gestand.evidence.service import awaited
from gestand.publication.folder import read_statement
from gestand.statement.policy import ClauseNote, Text

SAID = Text(nl="x", en="x")
NOTE = ClauseNote(status="informative", reason=SAID)
STATEMENT = read_statement(example_folder())


def result(name: str, finding: Finding) -> ControlResult:
    return ControlResult(name, "measured", Verdict(finding, SAID))


RESULTS = st.lists(st.builds(result, st.just("c"), st.sampled_from(Finding)), max_size=5)


@given(RESULTS, st.none() | st.just(NOTE))
def test_a_clause_is_as_good_as_its_worst_control_and_never_better_by_a_note(results, note):
    found = {one.verdict.finding for one in results}
    judged = judge_clause(results, note)
    assert (judged is ClauseFinding.BROKEN) == (Finding.BROKEN in found)
    assert (judged is ClauseFinding.KEPT) == (found == {Finding.KEPT})
    assert (judged is ClauseFinding.INFORMATIVE) == (not results and note is not None)


@given(RESULTS, st.sampled_from(Finding))
def test_one_more_control_never_makes_a_verdict_better(results, finding):
    order = [ClauseFinding.KEPT, ClauseFinding.UNPROVEN, ClauseFinding.BROKEN]
    if results:
        before, after = (judge_clause(some, None) for some in (results, [*results, result("d", finding)]))
        assert order.index(after) >= order.index(before)


@st.composite
def graphs(draw):
    """Controls that rest on earlier ones only, with a finding each."""
    names = [f"c{n}" for n in range(draw(st.integers(1, 7)))]
    made, found = {}, {}
    for at, name in enumerate(names):
        on = draw(st.sets(st.sampled_from(names[:at]), max_size=2)) if at else set()
        made[name] = Control(name, SAID, SAID, "measured", lambda _world: Verdict(Finding.KEPT, SAID), "m", tuple(on))
        found[name] = result(name, draw(st.sampled_from(Finding)))
    return made, found


@settings(max_examples=100)
@given(graphs())
def test_exactly_what_rests_on_a_broken_control_is_broken_with_it(graph):
    made, found = graph
    after = propagate(found, made)
    broken = {name for name, one in found.items() if one.verdict.finding is Finding.BROKEN}
    expected = set().union(*(dependants(name, made) for name in broken)) if broken else set()
    assert {name for name, one in after.items() if one.verdict.finding is Finding.BROKEN} == expected
    assert all(after[name] == found[name] for name in found if name not in expected)
    assert propagate(after, made).keys() == after.keys()


def test_the_clauses_that_turn_red_are_those_of_kept_by_and_of_dependencies_and_no_others():
    known = controls()
    for name in known:
        red = set(clauses_that_turn_red(name, STATEMENT, known))
        resting = dependants(name, known)
        for clause in STATEMENT.texts[0].clauses:
            assert (clause.id in red) == bool(resting & set(clause.kept_by))
        assert red, f"{name} keeps no clause"


def test_every_clause_of_both_versions_has_one_verdict_and_what_awaits_is_unproven():
    results = {name: result(name, Finding.KEPT) for name in controls()} | {name: awaited(name) for name in AWAITED}
    judged = judge_statement(STATEMENT, results)
    ids = [one.clause.id for one in judged]
    assert len(ids) == len(set(ids))
    assert {f"C{n}" for n in range(1, 63)} <= set(ids)
    for one in judged:
        if one.clause.awaits:
            assert one.finding is ClauseFinding.UNPROVEN
        if one.finding is ClauseFinding.INFORMATIVE:
            assert one.note is not None
