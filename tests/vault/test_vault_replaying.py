"""An older copy of the vault, after what the ledger says happened since, is as the vault is now; whatever happened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vault_world import EMAIL, NAME, NEWS, OFFERS, OWNER, PHONE, World, anna, bram

from gestand.kernel.errors import DamagedError
from gestand.kernel.ids import ItemId

ACTS = (
    "forget",
    "erase",
    "restrict",
    "release",
    "object",
    "withdraw",
    "consent",
    "unconsent",
    "hold",
    "lift",
    "rectify",
    "rotate",
)


def act(world: World, name: str, number: int) -> None:  # noqa: C901, PLR0912 - one line for each act
    vault = world.vault
    subjects = sorted(vault.subjects())
    if not subjects:
        return
    who = subjects[number % len(subjects)]
    items: list[ItemId] = [h.item for h in vault.holdings(who)]
    one = items[number % len(items)]
    match name:
        case "forget" if not vault.holds(who):
            vault.erase_subject(who, ground="Article 17", actor=OWNER)
        case "erase" if vault.hold_of(one) is None:
            vault.erase([one], ground="Article 17", actor=OWNER)
        case "restrict":
            vault.restrict([one], reason=f"contested {number}", actor=OWNER)
        case "release":
            vault.release([one], reason="settled", actor=OWNER)
        case "object":
            vault.object_to(who, [OFFERS], actor=OWNER, reason="Article 21")
        case "withdraw":
            vault.withdraw_objection(who, [OFFERS], actor=OWNER, reason="own word")
        case "consent":
            vault.consent(who, NEWS, text_digest="ab" * 32, channel="web", actor=OWNER)
        case "unconsent":
            vault.withdraw_consent(who, NEWS, channel="web", actor=OWNER)
        case "hold":
            vault.place_hold([one], reason=f"claim {number}", until=None, actor=OWNER)
        case "lift":
            for hold in vault.holds(who)[:1]:
                vault.lift_hold(hold.id, reason="settled", actor=OWNER)
        case "rotate":
            vault.rotate(actor=OWNER)


def state(world: World) -> object:
    vault = world.vault
    return [
        (
            who,
            vault.objections(who),
            vault.consents(who),
            [(h.id, h.items, h.reason) for h in vault.holds(who)],
            [(h.item, h.field, h.restricted, h.restriction_reason) for h in vault.holdings(who)],
        )
        for who in sorted(vault.subjects())
    ]


def copied(world: World, folder: Path) -> World:
    world.close()
    shutil.copytree(world.folder, folder)
    world.open()
    return World(folder)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(ACTS[:10]), st.integers(0, 7)), max_size=4),
    st.lists(
        st.tuples(st.sampled_from([a for a in ACTS if a != "rectify"]), st.integers(0, 7)), min_size=1, max_size=8
    ),
)
def test_a_copy_after_the_replay_is_as_the_vault_is(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("replay")
    (folder / "live").mkdir()
    live = World(folder / "live")
    live.vault.add([anna(), bram()], actor=OWNER, reason="order")
    for step in before:
        act(live, *step)
    copy = copied(live, folder / "copy")
    live.ledger.events.clear()
    for step in after:
        act(live, *step)
    happened = list(live.ledger.events)
    copy.vault.replay(happened)
    assert state(copy) == state(live)
    copy.vault.replay(happened)
    assert state(copy) == state(live), "a replay may be taken twice"
    assert copy.vault.verify_seals() == copy.vault.counts().items
    for world in (live, copy):
        world.close()


def test_a_value_that_was_corrected_since_is_restricted(tmp_path):
    (tmp_path / "live").mkdir()
    live = World(tmp_path / "live")
    [who, _] = live.vault.add([anna(), bram()], actor=OWNER, reason="order")
    copy = copied(live, tmp_path / "copy")
    phone = next(h.item for h in live.vault.holdings(who) if h.field == PHONE)
    live.vault.rectify(phone, "06 87654321", actor=OWNER, reason="own word")
    done = copy.vault.replay(live.ledger.events)
    assert (done.to_correct, done.total) == (1, 1)
    assert [h.field for h in copy.vault.holdings(who) if h.restricted] == [PHONE]
    for world in (live, copy):
        world.close()


def test_numbers_given_out_since_are_left_out(tmp_path):
    (tmp_path / "live").mkdir()
    live = World(tmp_path / "live")
    [who, other] = live.vault.add([anna(), bram()], actor=OWNER, reason="order")
    copy = copied(live, tmp_path / "copy")
    live.ledger.events.clear()
    more = anna(id=who)
    live.vault.add([more], actor=OWNER, reason="order")
    copy.vault.replay(live.ledger.events)
    copy.vault.add([more], actor=OWNER, reason="order")
    first = {h.item for h in live.vault.holdings(who)}
    known = {h.item for h in copy.vault.holdings(who)}
    assert len(first & known) == 5, "only what both had before"
    assert copy.vault.exists(other)
    for world in (live, copy):
        world.close()


def test_a_seal_that_does_not_open_is_found(tmp_path):
    world = World(tmp_path)
    [who] = world.vault.add([anna()], actor=OWNER, reason="order")
    fields = {h.field: h.item for h in world.vault.holdings(who)}
    swap = "UPDATE vault_item SET sealed = (SELECT sealed FROM vault_item WHERE item = ?) WHERE item = ?"
    numbers = [int(fields[name].rpartition("_")[2]) for name in (NAME, EMAIL)]
    assert world.vault.verify_seals() == 5
    world.engine.execute(swap, tuple(numbers))
    with pytest.raises(DamagedError) as found:
        world.vault.verify_seals()
    assert found.value.where == fields[EMAIL]
    world.close()


def test_marks_find_what_is_here(tmp_path):
    world = World(tmp_path)
    [who] = world.vault.add([anna()], actor=OWNER, reason="order")
    marks = [world.vault.mark(h.item) for h in world.vault.holdings(who)]
    assert world.vault.erased_and_here([*marks[:2], "0" * 32]) == 2
    assert world.vault.erased_and_here([]) == 0
    world.close()
