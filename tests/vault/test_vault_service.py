from __future__ import annotations

import contextlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from vault_world import (
    BOOKS,
    EMAIL,
    INVOICE,
    JOB,
    MAIL,
    NAME,
    NEWS,
    NOTE,
    OFFERS,
    OWNER,
    PHONE,
    RIGHTS,
    SUPPORT,
    World,
    a_policy,
    a_statement,
    anna,
    bram,
    purpose,
)

from gestand.kernel.errors import GestandError, RefusedError, UsageError
from gestand.kernel.ids import FieldPath, ItemId, PurposeId, ShelfId, SubjectId
from gestand.statement.policy import FieldKind
from gestand.vault.model import NewItem, NewSubject, Opening, Why

pytestmark = pytest.mark.on_both_engines


@pytest.fixture
def world(tmp_path: Path):
    made = World(tmp_path)
    yield made
    made.close()


def add(world: World, *subjects: NewSubject) -> tuple[SubjectId, ...]:
    return world.vault.add(subjects, actor=OWNER, reason="order")


def read(world: World, subject: SubjectId, purpose: PurposeId = SUPPORT) -> Opening:
    return world.vault.open(subject, purpose, actor=OWNER, reason="call")


def values(opening: Opening) -> dict[str, str]:
    return {item.holding.field: item.value for item in opening.items}


def refusals(opening: Opening) -> dict[str, Why]:
    return {item.holding.field: item.why for item in opening.refused}


def item_of(world: World, subject: SubjectId, field: FieldPath) -> ItemId:
    return next(h.item for h in world.vault.holdings(subject) if h.field == field)


def test_what_goes_in_comes_out_for_the_purpose_that_needs_it_after_a_reopen_too(world: World) -> None:
    (subject,) = add(world, anna())
    for _ in range(2):
        opening = read(world, subject)
        assert values(opening) == {
            NAME: "Anna de Vries",
            EMAIL: "Anna@Example.nl",
            PHONE: "06 12345678",
            NOTE: "De laptop van Anna valt uit",
        }
        assert refusals(opening) == {INVOICE: Why.NOT_NEEDED}
        assert (opening.refused[0].clause, opening.refused[0].sentence[:3]) == ("C1", "Wij")
        world.again()


def test_an_opening_is_in_the_ledger_before_the_value_and_refused_when_it_cannot_be(world: World) -> None:
    (subject,) = add(world, anna())
    opening = read(world, subject)
    event = world.ledger.events[opening.entry]
    assert event.name == "data.opened"
    assert event.facts == {"purpose": SUPPORT, "reason": "call", "items": 4, "refused": 1, "subjects": 1}
    assert event.subject == world.vault.reference(subject)
    world.ledger.full = True
    with pytest.raises(RefusedError) as refused:
        read(world, subject)
    assert refused.value.code == "opening-not-recorded"


def test_one_add_is_one_entry_and_the_ledger_never_names_a_subject_or_an_item(world: World) -> None:
    subjects = add(world, anna(), bram())
    assert world.ledger.names() == ["data.sealed"]
    item = item_of(world, subjects[0], EMAIL)
    world.vault.rectify(item, "a.de.vries@example.nl", actor=OWNER, reason="typing error")
    world.vault.erase([item], ground="17(1)(b)", actor=OWNER)
    told = repr(world.ledger.events)
    for secret in (*subjects, *(s[4:] for s in subjects), item, "example.nl"):
        assert secret not in told


def test_the_same_person_is_found_in_any_notation_and_a_namesake_is_another(world: World) -> None:
    (first,) = add(world, anna())
    (second,) = add(world, NewSubject((NewItem(NAME, "anna  DE vries", MAIL, "customer"),)))
    find = world.vault.find
    assert find(FieldKind.EMAIL, " anna@example.NL") == (first,)
    assert find(FieldKind.PHONE, "+31 (0)6-1234 5678") == (first,)
    assert set(find(FieldKind.NAME, "Anna de Vries")) == {first, second}
    assert find(FieldKind.EMAIL, "carla@example.nl") == find(FieldKind.PHONE, "--") == ()
    found = world.vault.find_many([(FieldKind.EMAIL, "anna@example.nl"), (FieldKind.EMAIL, "x@example.nl")])
    assert found[FieldKind.EMAIL, "anna@example.nl"] == (first,)


def test_more_data_join_a_known_subject_under_the_key_that_is_there(world: World) -> None:
    (subject,) = add(world, anna())
    keys = world.vault.counts().keys
    more = NewItem(NOTE, "Nieuwe schijf", JOB, "customer", due=date(2028, 1, 1))
    assert add(world, NewSubject((more,), id=subject)) == (subject,)
    assert world.vault.counts().keys == keys
    add(world, NewSubject((NewItem(NOTE, "Backup", JOB, "customer", due=date(2031, 1, 1)),), id=subject))
    assert world.vault.counts().keys == keys + 1
    assert len(read(world, subject).items) == 6
    with pytest.raises(UsageError, match="no subject"):
        add(world, NewSubject((more,), id=SubjectId("sub_" + "a" * 16)))


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (NewItem(FieldPath("idle.shoe"), "43", MAIL, "customer"), "field-not-promised"),
        (NewItem(FieldPath("contact.faith"), "x", MAIL, "customer"), "field-not-promised"),
        (NewItem(EMAIL, "a@example.nl", ShelfId("attic"), "customer"), "shelf-unknown"),
        (NewItem(INVOICE, "17", MAIL, "customer", purposes=(SUPPORT,)), "purpose-not-promised"),
        (NewItem(EMAIL, "", MAIL, "customer"), "value-empty"),
        (NewItem(EMAIL, "a\ud800", MAIL, "customer"), "value-not-text"),
    ],
)
def test_what_was_not_promised_does_not_come_in_and_nothing_beside_it(world: World, item: NewItem, code: str) -> None:
    with pytest.raises(GestandError) as refused:
        add(world, bram(), NewSubject((item,)))
    assert refused.value.code == code
    assert world.vault.counts().items == 0
    assert list(world.vault.subjects()) == []
    assert world.ledger.events == []


def test_a_rolled_back_add_leaves_no_subject_no_key_and_no_entry(world: World) -> None:
    (subject,) = add(world, bram())
    with pytest.raises(RefusedError), world.engine.transaction():  # noqa: PT012 - a change of several steps is meant
        add(world, anna())
        add(world, NewSubject((NewItem(NOTE, "x", JOB, "own"),), id=subject))
        add(world, NewSubject((NewItem(NOTE, "x", ShelfId("attic"), "own"),), id=subject))
    assert world.vault.counts().subjects == 1
    assert world.ledger.names() == ["data.sealed"]
    add(world, NewSubject((NewItem(NOTE, "y", JOB, "own"),), id=subject))
    vault = world.again()
    assert vault.counts().keys == 2
    assert values(read(world, subject)) == {EMAIL: "bram@example.org", NOTE: "y"}


def test_time_closes_a_datum_the_day_it_is_due_and_a_hold_opens_it_to_the_law_alone(world: World) -> None:
    (subject,) = add(world, anna())
    world.clock.advance(timedelta(days=425))  # 1 May 2027
    assert refusals(read(world, subject))[NOTE] is Why.PAST_SHELF
    note = item_of(world, subject, NOTE)
    assert [h.item for h in world.vault.due(date(2027, 5, 1))] == [note]
    hold = world.vault.place_hold([note], reason="claim", until=date(2027, 6, 1), actor=OWNER)
    assert world.vault.hold_of(note) == hold
    assert world.vault.holds(subject) == (hold,)
    assert list(world.vault.due(date(2027, 5, 1))) == []
    assert refusals(read(world, subject))[NOTE] is Why.PAST_SHELF
    assert NOTE in values(read(world, subject, RIGHTS))
    with pytest.raises(RefusedError) as refused:
        world.vault.erase([note], ground="retention", actor=OWNER)
    assert refused.value.code == "item-held"
    assert [h.item for h in world.vault.due(date(2027, 6, 2))] == [note]
    world.vault.lift_hold(hold.id, reason="settled", actor=OWNER)
    assert world.vault.hold_of(note) is None
    assert world.vault.erase([note], ground="retention", actor=OWNER).found_afterwards == 0


def test_restriction_closes_to_all_but_the_answer_to_the_person(world: World) -> None:
    (subject,) = add(world, anna())
    phone = item_of(world, subject, PHONE)
    world.vault.restrict([phone], reason="accuracy contested", actor=OWNER)
    opening = read(world, subject)
    assert refusals(opening)[PHONE] is Why.RESTRICTED
    holding = world.vault.item(phone)
    assert holding is not None
    assert (holding.restricted, holding.restriction_reason) == (True, "accuracy contested")
    assert PHONE in values(read(world, subject, RIGHTS))
    world.vault.release([phone], reason="accuracy established", actor=OWNER)
    assert PHONE in values(read(world, subject))


def test_objection_and_consent_are_judged_at_the_next_read(world: World) -> None:
    (subject,) = add(world, anna())
    assert EMAIL in values(read(world, subject, OFFERS))
    assert refusals(read(world, subject, NEWS))[EMAIL] is Why.NO_CONSENT
    world.vault.object_to(subject, [OFFERS, SUPPORT], reason="no mail please", actor=OWNER)
    assert refusals(read(world, subject, OFFERS))[EMAIL] is Why.OBJECTED
    assert EMAIL in values(read(world, subject))  # a contract is not for objection to end: Article 21(1)
    assert OFFERS in world.vault.holdings(subject)[0].objections
    world.vault.consent(subject, NEWS, text_digest="00", channel="web", actor=OWNER)
    assert values(read(world, subject, NEWS)) == {EMAIL: "Anna@Example.nl"}
    world.vault.withdraw_consent(subject, NEWS, channel="mail", actor=OWNER)
    world.vault.withdraw_objection(subject, [OFFERS], reason="asked", actor=OWNER)
    world.again()
    assert refusals(read(world, subject, NEWS))[EMAIL] is Why.NO_CONSENT
    assert EMAIL in values(read(world, subject, OFFERS))
    with pytest.raises(RefusedError):
        world.vault.consent(subject, PurposeId("spying"), text_digest="", channel="web", actor=OWNER)


def test_what_was_collected_under_an_older_statement_is_not_used_for_a_newer_purpose(tmp_path: Path) -> None:
    world = World(tmp_path)
    (subject,) = add(world, anna())
    wider = a_policy("2026-06-01", purposes=dict(a_policy().purposes) | {
        "research": purpose("legitimate_interests", "mail", EMAIL),
        "archive": purpose("legal_obligation", "books", EMAIL),
    })  # fmt: skip
    world.versions.all.append(a_statement(wider))
    assert refusals(read(world, subject, PurposeId("research")))[EMAIL] is Why.NOT_COLLECTED_FOR
    assert EMAIL in values(read(world, subject, PurposeId("archive")))
    world.versions.all[0] = a_statement(a_policy("1999-01-01"))  # the version of collecting is unknown now
    assert refusals(read(world, subject))[EMAIL] is Why.NOT_COLLECTED_FOR
    with pytest.raises(RefusedError) as refused:
        read(world, subject, PurposeId("spying"))
    assert refused.value.code == "purpose-unknown"
    world.close()


def test_named_purposes_bind_a_datum_to_them(world: World) -> None:
    (subject,) = add(world, NewSubject((NewItem(EMAIL, "anna@example.nl", MAIL, "customer", purposes=(NEWS,)),)))
    assert refusals(read(world, subject)) == {EMAIL: Why.NOT_COLLECTED_FOR}
    assert EMAIL in values(read(world, subject, RIGHTS))


def test_rectification_keeps_who_when_and_why_and_the_wrong_value_is_neither_read_nor_found(world: World) -> None:
    (subject,) = add(world, anna())
    email = item_of(world, subject, EMAIL)
    world.vault.rectify(email, "anna.devries@example.nl", actor=OWNER, reason="new address")
    assert values(read(world, subject))[EMAIL] == "anna.devries@example.nl"
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == ()
    assert world.vault.find(FieldKind.EMAIL, "anna.devries@example.nl") == (subject,)
    holding = world.vault.item(email)
    assert holding is not None
    assert (holding.rectified_by, holding.rectified_why, holding.rectified_at) == (OWNER, "new address", world.clock())
    assert len(read(world, subject).items) == 4


def test_a_later_due_year_seals_anew_and_takes_the_old_key_along(world: World) -> None:
    (subject,) = add(world, anna())
    before = world.vault.counts().keys
    changes = [(h.item, date(2026, 3, 1), date(2029, 3, 1)) for h in world.vault.holdings(subject) if h.shelf == JOB]
    world.vault.set_due(changes, trigger="job-closed", actor=OWNER)
    assert world.vault.counts().keys == before - 2  # open, 2027 and 2028 became 2029
    world.vault.set_due([(changes[0][0], None, date(2029, 9, 9))], trigger="job-closed", actor=OWNER)
    assert {h.due for h in world.vault.holdings(subject)} == {date(2029, 3, 1), date(2029, 9, 9), date(2034, 1, 1)}
    assert len(read(world, subject).items) == 4


def test_a_move_is_sealed_under_the_new_shelf(world: World) -> None:
    (subject,) = add(world, anna())
    note = item_of(world, subject, NOTE)
    world.vault.move([note], MAIL, date(2026, 3, 2), date(2026, 9, 2), actor=OWNER, reason="became correspondence")
    holding = world.vault.item(note)
    assert holding is not None
    assert (holding.shelf, holding.due) == (MAIL, date(2026, 9, 2))
    assert values(read(world, subject))[NOTE].startswith("De laptop")
    with pytest.raises(RefusedError):
        world.vault.move([note], ShelfId("attic"), None, None, actor=OWNER, reason="x")


def test_erasing_one_datum_leaves_its_siblings_and_the_last_one_takes_the_subject(world: World) -> None:
    first, second = add(world, anna(), bram())
    reference = world.vault.reference(first)
    phone = item_of(world, first, PHONE)
    erasure = world.vault.erase([phone], ground="17(1)(a)", actor=OWNER)
    assert (erasure.items, erasure.keys, erasure.found_afterwards) == (1, 1, 0)
    assert set(values(read(world, first))) == {NAME, EMAIL, NOTE}
    assert world.vault.find(FieldKind.PHONE, "0612345678") == ()
    assert world.vault.item(phone) is None
    names = [e.name for e in world.ledger.events if e.facts.get("erasure") == erasure.id]
    assert names == ["erasure.begun", "key.destroyed", "erasure.done"]
    assert {e.subject for e in world.ledger.events if e.facts.get("erasure")} == {reference}
    world.vault.erase([h.item for h in world.vault.holdings(first)], ground="17(1)(b)", actor=OWNER)
    assert not world.vault.exists(first)
    assert world.vault.holdings(first) == ()
    for verb in (lambda: read(world, first), lambda: world.vault.reference(first)):
        with pytest.raises(UsageError):
            verb()
    assert world.vault.counts().keys == 1
    assert list(world.vault.subjects()) == [second]
    with pytest.raises(UsageError, match="no item"):
        world.vault.erase([phone], ground="again", actor=OWNER)


def test_an_erasure_cannot_be_part_of_a_larger_change(world: World) -> None:
    (subject,) = add(world, bram())
    with pytest.raises(UsageError), world.engine.transaction():
        world.vault.erase([item_of(world, subject, EMAIL)], ground="x", actor=OWNER)
    assert len(world.vault.holdings(subject)) == 1


def test_many_are_opened_with_one_entry_a_batch(world: World) -> None:
    subjects = add(world, *(bram() for _ in range(600)))
    openings = list(world.vault.open_many(subjects, SUPPORT, actor=OWNER, reason="mailing"))
    assert [o.subject for o in openings] == list(subjects)
    assert all(values(o) == {EMAIL: "bram@example.org"} for o in openings)
    facts = [e.facts for e in world.ledger.events if e.name == "data.opened"]
    assert [f["subjects"] for f in facts] == [512, 88]


def test_selected_items_only_and_never_another_subjects(world: World) -> None:
    first, second = add(world, anna(), bram())
    email = item_of(world, first, EMAIL)
    opening = world.vault.open(first, SUPPORT, actor=OWNER, reason="call", items=[email])
    assert values(opening) == {EMAIL: "Anna@Example.nl"}
    for wrong in (item_of(world, second, EMAIL), ItemId("itm_nonsense"), ItemId(email.rpartition("_")[0] + "_99")):
        with pytest.raises(UsageError) as unknown:
            world.vault.open(first, SUPPORT, actor=OWNER, reason="call", items=[wrong])
        assert unknown.value.code == "item-unknown"


def test_books_open_for_the_law_also_after_an_objection(world: World) -> None:
    (subject,) = add(world, anna())
    world.vault.object_to(subject, [BOOKS], reason="all of it", actor=OWNER)
    assert set(values(read(world, subject, BOOKS))) == {NAME, INVOICE}


class UndoneError(Exception):
    """The transaction ends here, undone."""


def test_an_epoch_of_tokens_that_was_undone_is_noted_with_the_next(world: World) -> None:
    with contextlib.suppress(UndoneError), world.engine.transaction():
        world.vault.add([anna()], actor=OWNER, reason="order")
        world.vault.add([bram()], actor=OWNER, reason="order")
        raise UndoneError
    (subject,) = world.vault.add([anna()], actor=OWNER, reason="order")
    world.vault.rotate(actor=OWNER)
    assert world.vault.find(FieldKind.EMAIL, "anna@example.nl") == (subject,)
