"""Verbs on sets touch what they say, all of it and nothing else, as the dry run counted; with few statements, in few entries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vault_world import (
    BOOK,
    EMAIL,
    INVOICE,
    JOB,
    MAIL,
    NAME,
    NOTE,
    OFFERS,
    OWNER,
    RIGHTS,
    SUPPORT,
    Versions,
    World,
    a_policy,
    a_statement,
    anna,
    both,
    bram,
    purpose,
)

from gestand.kernel.entropy import system_entropy
from gestand.kernel.errors import GestandError, UsageError
from gestand.kernel.ids import ItemId, PurposeId, ShelfId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.model import Holding, NewItem, NewSubject, Reach, Where

BOOKKEEPER = "bookkeeper"


def with_recipients(version: str = "2026-01-01") -> Versions:
    policy = a_policy(
        version,
        recipients={
            name: {"title": both(name), "role": "processor", "why": both("omdat"), "country": "NL", "needs": needs}
            for name, needs in ((BOOKKEEPER, (INVOICE,)), ("courier", ()))
        },
        purposes={
            "support": purpose("contract", "job", EMAIL, NAME, "contact.phone", NOTE, recipients=("courier",)),
            "offers": purpose("legitimate_interests", "mail", EMAIL, NAME, marketing=True),
            "newsletter": purpose("consent", "mail", EMAIL),
            "administration": purpose("legal_obligation", "books", NAME, INVOICE, recipients=(BOOKKEEPER,)),
            "rights": purpose("legal_obligation", "mail", "*"),
        },
    )
    return Versions(a_statement(policy))


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path, versions=with_recipients(), entropy=system_entropy, within=3600)
    yield made
    made.close()


def cast(world: World) -> tuple[SubjectId, SubjectId]:
    first, second = world.vault.add([anna(), bram()], actor=OWNER, reason="order")
    return first, second


def everything(world: World) -> dict[ItemId, Holding]:
    return {held.item: held for subject in world.vault.subjects() for held in world.vault.holdings(subject)}


WHERES = [
    (Where(shelf=JOB), {NAME, EMAIL, NOTE, "contact.phone"}),
    (Where(shelf=MAIL), {EMAIL}),
    (Where(purpose=PurposeId("administration")), {NAME, INVOICE}),
    (Where(purpose=OFFERS), {NAME, EMAIL}),
    (Where(recipient=BOOKKEEPER), {INVOICE}),
    (Where(recipient="courier", due_by=date(2027, 12, 31)), {NOTE}),
    (Where(due_by=date(2028, 6, 1)), {EMAIL, NOTE}),
    (Where(shelf=BOOK, due_by=date(2028, 6, 1)), set()),
]


@pytest.mark.on_both_engines
@pytest.mark.parametrize(("where", "fields"), WHERES)
def test_what_is_counted_is_erased_and_nothing_else(world: World, where: Where, fields: set[str]) -> None:
    cast(world)
    before = everything(world)
    counted = world.vault.count_where(where)
    assert everything(world).keys() == before.keys()
    done = world.vault.erase_where(where, ground="17", actor=OWNER)
    assert done == counted
    assert done.found_afterwards == 0
    gone = [before[item] for item in before.keys() - everything(world).keys()]
    assert ({held.field for held in gone}, len(gone)) == (fields, counted.items)
    assert len({held.subject for held in gone}) == counted.subjects
    for subject in world.vault.subjects():
        opening = world.vault.open(subject, RIGHTS, actor=OWNER, reason="check")
        assert not opening.refused, "what stays still opens"
    assert (EMAIL in fields and where.shelf != MAIL) != bool(world.vault.find(FieldKind.EMAIL, "anna@example.nl"))


@pytest.mark.on_both_engines
def test_subjects_bound_a_set_and_who_has_nothing_left_is_told(world: World) -> None:
    first, second = cast(world)
    told: list[SubjectId] = []
    world.vault.keep_beside(told.extend)
    done = world.vault.erase_where(Where(subjects=(second, second)), ground="17", actor=OWNER)
    assert (done, told) == (Reach(1, 1), [second])
    assert list(world.vault.subjects()) == [first]
    assert world.vault.count_where(Where(subjects=(second,))) == Reach(0, 0)


@pytest.mark.on_both_engines
def test_what_a_hold_keeps_stays_and_is_counted(world: World) -> None:
    first, _ = cast(world)
    note = next(held.item for held in world.vault.holdings(first) if held.field == NOTE)
    world.vault.place_hold([note], reason="claim", until=None, actor=OWNER)
    assert world.vault.count_where(Where(shelf=JOB)) == Reach(1, 4, held=1)
    assert world.vault.erase_where(Where(shelf=JOB), ground="17", actor=OWNER) == Reach(1, 3, held=1)
    assert world.vault.hold_of(note) is not None
    assert {held.field for held in world.vault.holdings(first)} == {NOTE, INVOICE}
    lifted = world.vault.hold_of(note)
    assert lifted is not None
    world.vault.lift_hold(lifted.id, reason="settled", actor=OWNER)
    assert world.vault.erase_where(Where(shelf=JOB), ground="17", actor=OWNER) == Reach(1, 1)


@pytest.mark.on_both_engines
def test_a_set_is_restricted_and_released_as_its_items_would_be(world: World) -> None:
    first, second = cast(world)
    assert world.vault.restrict_where(Where(purpose=OFFERS), reason="contested", actor=OWNER) == Reach(2, 3)
    for held in everything(world).values():
        assert held.restricted == (held.field in {NAME, EMAIL})
        assert held.restriction_reason == ("contested" if held.restricted else "")
    assert world.vault.open(second, OFFERS, actor=OWNER, reason="call").items == ()
    assert world.vault.release_where(Where(subjects=(first,)), reason="settled", actor=OWNER) == Reach(1, 5)
    assert {held.subject for held in everything(world).values() if held.restricted} == {second}


@pytest.mark.on_both_engines
@pytest.mark.parametrize("due", [date(2028, 12, 1), date(2031, 1, 1), None])
def test_dates_of_a_set_are_set_and_a_new_year_is_sealed_anew(world: World, due: date | None) -> None:
    first, second = cast(world)
    keys = world.vault.counts().keys
    done = world.vault.set_due_where(Where(shelf=JOB), date(2026, 3, 1), due, trigger="job-closed", actor=OWNER)
    assert done == Reach(1, 4)
    for held in everything(world).values():
        if held.shelf == JOB:
            assert (held.trigger_on, held.due) == (date(2026, 3, 1), due)
    assert world.ledger.names()[-1] == "data.due"
    values = {one.value for one in world.vault.open(first, RIGHTS, actor=OWNER, reason="check").items}
    assert {"Anna de Vries", "De laptop van Anna valt uit"} <= values
    assert world.vault.counts().keys < keys  # one year, one key
    assert world.vault.holdings(second)[0].due is None


def test_a_set_without_bounds_or_with_a_name_that_nobody_has_is_refused(world: World) -> None:
    cast(world)
    for where, code in (
        (Where(), "set-without-bounds"),
        (Where(shelf=ShelfId("shlef")), "shelf-unknown"),
        (Where(purpose=PurposeId("ofers")), "purpose-unknown"),
        (Where(recipient="bookeeper"), "recipient-unknown"),
    ):
        with pytest.raises(UsageError) as refused:
            world.vault.erase_where(where, ground="17", actor=OWNER)
        assert refused.value.code == code
        assert refused.value.remedy
    assert world.vault.count_where(Where(purpose=SUPPORT, shelf=BOOK)) == Reach(0, 0)
    with world.engine.transaction(), pytest.raises(UsageError):
        world.vault.erase_where(Where(shelf=JOB), ground="17", actor=OWNER)


def test_a_recipient_of_an_earlier_version_got_what_was_collected_then(tmp_path: Path) -> None:
    versions = with_recipients()
    world = World(tmp_path, versions=versions)
    cast(world)
    versions.all.append(a_statement(a_policy("2026-06-01")))
    assert world.vault.count_where(Where(recipient=BOOKKEEPER)) == Reach(1, 1)
    world.vault.add([anna()], actor=OWNER, reason="order")
    assert world.vault.count_where(Where(recipient=BOOKKEEPER)) == Reach(1, 1)
    world.close()


def test_a_thousand_go_by_few_statements_and_an_entry_for_each_part(world: World) -> None:
    people = [
        NewSubject((NewItem(NOTE, f"Notitie {n}", JOB, "own"), NewItem(EMAIL, f"p{n}@example.nl", MAIL, "own")))
        for n in range(600)
    ]
    world.vault.add(people, actor=OWNER, reason="import")
    statements: list[str] = []
    execute = world.engine.execute

    def counted(sql, parameters=()):
        statements.append(sql)
        return execute(sql, parameters)

    world.engine.execute = counted  # type: ignore[method-assign]
    entries = len(world.ledger.events)
    assert world.vault.restrict_where(Where(shelf=JOB), reason="contested", actor=OWNER) == Reach(600, 600)
    assert len(statements) < 60
    assert world.ledger.names()[entries:] == ["data.restricted"] * 3
    statements.clear()
    entries = len(world.ledger.events)
    assert world.vault.erase_where(Where(shelf=JOB), ground="17", actor=OWNER) == Reach(600, 600)
    assert len(statements) < 200
    told = world.ledger.events[entries:]
    begun = [event.facts["erasure"] for event in told if event.name == "erasure.begun"]
    assert len(set(begun)) == 3
    for name in ("key.destroyed", "erasure.done"):
        assert [event.facts["erasure"] for event in told if event.name == name] == begun
    world.engine.execute = execute  # type: ignore[method-assign]
    assert world.vault.counts().items == 600


@pytest.mark.parametrize("step", ["erase.begun", "erase.unreadable", "erase.destroyed", "set.restricted", "set.due"])
def test_stopped_between_two_parts_the_same_call_does_what_is_left(world: World, step: str) -> None:
    people = [NewSubject((NewItem(NOTE, f"Notitie {n}", JOB, "own"),)) for n in range(300)]
    world.vault.add(people, actor=OWNER, reason="import")
    where, seen = Where(shelf=JOB), [0]

    def stop(reached: str) -> None:
        seen[0] += reached == step
        if reached == step and seen[0] == 2:
            raise GestandError("store-full", "the disk is full")

    verbs = {
        "set.restricted": lambda: world.vault.restrict_where(where, reason="contested", actor=OWNER),
        "set.due": lambda: world.vault.set_due_where(where, None, date(2030, 1, 1), trigger="x", actor=OWNER),
    }
    verb = verbs.get(step, lambda: world.vault.erase_where(where, ground="17", actor=OWNER))
    world.failpoint = stop
    with pytest.raises(GestandError):
        verb()
    world.failpoint = lambda _: None
    world.again()
    verb()
    held = list(everything(world).values())
    if step.startswith("erase"):
        assert held == []
        assert world.vault.counts() == type(world.vault.counts())(0, 0, 0)
    else:
        assert all(one.restricted for one in held) or all(one.due == date(2030, 1, 1) for one in held)
        assert len(held) == 300


shelves = st.sampled_from([MAIL, JOB, BOOK])
dues = st.none() | st.sampled_from([date(2026, 9, 1), date(2027, 2, 1), date(2033, 1, 1)])


@settings(max_examples=25, deadline=None)
@given(
    people=st.lists(
        st.lists(st.tuples(st.sampled_from([EMAIL, NAME, NOTE]), shelves, dues), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    ),
    shelf=st.none() | shelves,
    due_by=st.none() | st.sampled_from([date(2026, 12, 31), date(2030, 1, 1)]),
    named=st.booleans(),
)
def test_a_set_is_what_a_plain_search_says(tmp_path_factory, people, shelf, due_by, named) -> None:
    world = World(tmp_path_factory.mktemp("set"), within=3600)
    new = [
        NewSubject(
            tuple(NewItem(f, f"Waarde {n} {at}@example.nl", s, "own", due=d) for at, (f, s, d) in enumerate(items))
        )
        for n, items in enumerate(people)
    ]
    subjects = world.vault.add(new, actor=OWNER, reason="order")
    where = Where(subjects[:1] if named else (), None, shelf, "", due_by)
    before = everything(world)
    chosen = {
        item
        for item, held in before.items()
        if (not named or held.subject == subjects[0])
        and (shelf is None or held.shelf == shelf)
        and (due_by is None or (held.due is not None and held.due <= due_by))
    }
    if where == Where():
        with pytest.raises(UsageError):
            world.vault.count_where(where)
    else:
        assert world.vault.count_where(where).items == len(chosen)
        assert world.vault.erase_where(where, ground="17", actor=OWNER).items == len(chosen)
        assert everything(world).keys() == before.keys() - chosen
    world.close()
