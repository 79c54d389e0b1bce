"""A draft against today's data."""

import shutil
from dataclasses import replace

import pytest

from gestand.doors.house import world_of
from gestand.evidence.whatif import try_statement
from gestand.publication.folder import read_statement


@pytest.fixture
def draft(place, tmp_path):
    """Return a function that makes a draft with a change in its policy."""

    def make(*changes):
        folder = tmp_path / "draft"
        folder.mkdir(exist_ok=True)
        for name in ("policy.toml", "statement.nl.md", "statement.en.md"):
            shutil.copy(place.folder / name, folder / name)
        policy = folder / "policy.toml"
        text = policy.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        policy.write_text(text, "utf-8")
        return read_statement(folder)

    return make


def test_the_same_statement_breaks_nothing_and_moves_only_what_older_versions_promised(place, draft):
    found = try_statement(world_of(place.open()), draft())
    assert found.items > 30
    assert found.broken == ()
    assert all(shift.shelf == "customer" for shift in found.shifts)


def test_a_shorter_shelf_tells_what_would_leave_and_when(place, draft):
    found = try_statement(world_of(place.open()), draft(('period = "7 years"', 'period = "1 month"')))
    moved = [shift for shift in found.shifts if shift.shelf == "administration"]
    assert sum(shift.items for shift in moved) >= 5
    assert all(shift.then < shift.now for shift in moved)


def test_a_field_that_no_purpose_needs_any_more_is_named_with_its_count(place, draft):
    world = world_of(place.open())
    draft_statement = draft()
    policy = draft_statement.policy
    purposes = {
        name: purpose.model_copy(
            update={"needs": {f: why for f, why in purpose.needs.items() if f not in {"contact.phone", "*"}}}
        )
        for name, purpose in policy.purposes.items()
    }
    narrowed = replace(draft_statement, policy=policy.model_copy(update={"purposes": purposes}))
    found = try_statement(world, narrowed)
    lost = [loss for loss in found.losses if loss.field == "contact.phone"]
    assert sum(loss.items for loss in lost) >= 3
    assert "needs it" in lost[0].why
    assert not found.clean


def test_nothing_changes_and_nothing_is_opened(place, draft):
    house = place.open()
    before = [e.event.name for e in house.ledger.entries()]
    try_statement(world_of(house), draft())
    assert [e.event.name for e in house.ledger.entries()] == before


def test_the_command_says_it_and_the_status_follows(place, gestand):
    said = gestand("statement", "try", "--json")
    assert said.status in {0, 1}
    assert said.document["items"] > 30
    assert (said.status == 0) == (not said.document["broken"] and not said.document["losses"])
