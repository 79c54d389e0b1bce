"""Whatever stays closed names the sentence of the statement that forbids it: of the firm's own text, for every kind of refusal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from vault_world import OWNER, START, Versions, World

from gestand.kernel.errors import DamagedError, RefusedError, UsageError
from gestand.kernel.ids import FieldPath, PurposeId, ShelfId, SubjectId
from gestand.statement.load import load_statement
from gestand.statement.model import Statement
from gestand.vault.model import NewItem, NewSubject, RefusedItem, Why
from gestand.vault.place import item_place
from gestand.vault.rules import CONTROLS, forbidding

ROOT = Path(__file__).resolve().parents[2]
EMAIL, NAME = FieldPath("contact.email"), FieldPath("contact.name")


def read(folder: Path) -> Statement:
    files = ("policy.toml", "statement.nl.md", "statement.en.md")
    return load_statement({name: (folder / name).read_bytes() for name in files}, str(folder))


@pytest.fixture(scope="module")
def koper() -> Statement:
    return read(ROOT / "examples/koper")


@pytest.fixture
def world(tmp_path: Path, koper: Statement):
    made = World(tmp_path, versions=Versions(koper))
    yield made
    made.close()


def a_subject(world: World, purpose: str, *, due: date | None = None) -> SubjectId:
    found = world.versions.in_force().policy.purposes[purpose]
    shelf = ShelfId(found.shelf)
    items = tuple(
        NewItem(path, value, shelf, "customer", due=due, purposes=(PurposeId(purpose),))
        for path, value in ((EMAIL, "anna@example.nl"), (NAME, "Anna de Vries"))
        if found.allows(path)
    )
    return world.vault.add([NewSubject(items)], actor=OWNER, reason="order")[0]


def refused(world: World, subject: SubjectId, purpose: str, why: Why) -> RefusedItem:
    opening = world.vault.open(subject, PurposeId(purpose), actor=OWNER, reason="call")
    assert opening.items == ()
    assert {one.why for one in opening.refused} == {why}
    return opening.refused[0]


def says(world: World, one: RefusedItem, *, control: str) -> str:
    """Return the sentence, which must be one of the statement that this control keeps."""
    clause = world.versions.in_force().texts[0].clause(one.clause)
    assert clause is not None, one.clause
    assert control in clause.kept_by
    assert one.sentence == clause.text
    return clause.text


def test_a_purpose_it_was_not_collected_for(world: World) -> None:
    subject = a_subject(world, "service")
    says(world, refused(world, subject, "newsletter", Why.NOT_COLLECTED_FOR), control="openings-purpose-bound")


def test_a_field_that_the_purpose_does_not_need(world: World) -> None:
    policy = world.versions.in_force().policy
    path, giver, asker = next(
        (FieldPath(path), giver, asker)
        for giver, needed in policy.purposes.items()
        for path in needed.needs
        for asker, other in policy.purposes.items()
        if path != "*" and not other.allows(path)
    )
    item = NewItem(path, "iets", ShelfId(policy.purposes[giver].shelf), "customer")
    (subject,) = world.vault.add([NewSubject((item,))], actor=OWNER, reason="order")
    says(world, refused(world, subject, asker, Why.NOT_NEEDED), control="openings-purpose-bound")


def test_an_objection(world: World) -> None:
    policy = world.versions.in_force().policy
    purpose = next(
        name for name, one in policy.purposes.items() if one.basis == "legitimate_interests" and one.allows(NAME)
    )
    subject = a_subject(world, purpose)
    world.vault.object_to(subject, [PurposeId(purpose)], actor=OWNER, reason="asked")
    assert "bezwaar" in says(world, refused(world, subject, purpose, Why.OBJECTED), control="objection-honoured")


def test_a_consent_that_was_never_given_or_is_withdrawn(world: World) -> None:
    subject, purpose = a_subject(world, "newsletter"), PurposeId("newsletter")
    sentence = says(world, refused(world, subject, purpose, Why.NO_CONSENT), control="consent-on-record")
    assert "nieuwsbrief" in sentence
    world.vault.consent(subject, purpose, text_digest="0" * 64, channel="web", actor=OWNER)
    assert world.vault.open(subject, purpose, actor=OWNER, reason="mailing").items
    world.vault.withdraw_consent(subject, purpose, channel="web", actor=OWNER)
    refused(world, subject, purpose, Why.NO_CONSENT)


def test_a_restriction(world: World) -> None:
    subject = a_subject(world, "service")
    world.vault.restrict([held.item for held in world.vault.holdings(subject)], actor=OWNER, reason="contested")
    says(world, refused(world, subject, "service", Why.RESTRICTED), control="restriction-honoured")


def test_time_that_is_over_names_the_sentence_of_that_very_shelf(world: World) -> None:
    policy = world.versions.in_force().policy
    told = {}
    for purpose in ("service", "newsletter"):
        subject = a_subject(world, purpose, due=START.date())
        one = refused(world, subject, purpose, Why.PAST_SHELF)
        says(world, one, control="retention-within-period")
        clause = world.versions.in_force().texts[0].clause(one.clause)
        assert clause is not None
        assert any(name.startswith(f"shelf.{policy.purposes[purpose].shelf}.") for name in clause.names)
        told[purpose] = one.clause
    assert told["service"] != told["newsletter"]


def test_a_row_of_an_older_copy_whose_erasure_stands_in_the_ledger(world: World) -> None:
    subject = a_subject(world, "service")
    item = world.vault.holdings(subject)[0].item
    [row] = world.engine.execute("SELECT * FROM vault_item WHERE item = ?", (item_place(item)[1],))
    world.vault.erase([item], ground="17(1)(a)", actor=OWNER)
    world.engine.execute(f"INSERT INTO vault_item VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - placeholders
    opening = world.vault.open(subject, PurposeId("service"), actor=OWNER, reason="call")
    assert len(opening.items) == 1
    [one] = opening.refused
    assert (one.why, one.holding.item) == (Why.KEY_DESTROYED, item)
    says(world, one, control="erasure-real")


@pytest.mark.parametrize("gone", ["bucket > 0", "bucket = 0", "bucket >= 0"])
def test_a_key_that_is_gone_without_an_erasure_is_damage(world: World, gone: str) -> None:
    subject = a_subject(world, "service")
    world.vault._room.keys.engine.execute(f"DELETE FROM vault_key WHERE {gone}")  # noqa: S608
    for opening in (
        lambda: world.vault.open(subject, PurposeId("service"), actor=OWNER, reason="call"),
        lambda: list(world.vault.open_many([subject], PurposeId("service"), actor=OWNER, reason="call")),
    ):
        with pytest.raises(DamagedError) as damage:
            opening()
        assert (damage.value.code, damage.value.exit_status) == ("key-missing", 4)
        assert subject.removeprefix("sub_") in damage.value.where
        assert "gestand restore" in damage.value.remedy


def test_a_purpose_that_nobody_named(world: World) -> None:
    subject = a_subject(world, "service")
    with pytest.raises(RefusedError) as error:
        world.vault.open(subject, PurposeId("profiling"), actor=OWNER, reason="curious")
    clause, sentence = forbidding(world.versions.in_force(), Why.NOT_COLLECTED_FOR)
    assert f"{clause}: '{sentence}'" in error.value.message


@pytest.mark.parametrize("folder", ["examples/koper", "src/gestand/templates/firm"])
@pytest.mark.parametrize("why", list(Why))
def test_every_statement_that_is_handed_out_has_a_sentence_for_every_refusal(
    tmp_path: Path, folder: str, why: Why, koper: Statement
) -> None:
    statement = koper if folder.startswith("examples") else made_from_template(tmp_path)
    clause, sentence = forbidding(statement, why)
    found = statement.texts[0].clause(clause)
    assert found is not None
    assert CONTROLS[why][0] in found.kept_by
    assert sentence


def made_from_template(tmp_path: Path) -> Statement:
    from gestand.doors.cli.main import run

    assert run(["init", str(tmp_path / "firma"), "--name", "Voorbeeld", "--json"]) == 0
    return read(tmp_path / "firma")


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_opened_or_changed_without_a_reason(world: World, reason: str) -> None:
    subject = a_subject(world, "service")
    held = world.vault.holdings(subject)[0]
    before, why, service = len(list(world.ledger.entries())), {"actor": OWNER, "reason": reason}, PurposeId("service")
    for act in (
        lambda: world.vault.open(subject, service, **why),
        lambda: list(world.vault.open_many([subject], service, **why)),
        lambda: world.vault.rectify(held.item, "Anna", **why),
        lambda: world.vault.restrict([held.item], **why),
        lambda: world.vault.place_hold([held.item], until=None, **why),
    ):
        with pytest.raises(UsageError) as told:
            act()
        assert told.value.code == "reason"
    assert len(list(world.ledger.entries())) == before
