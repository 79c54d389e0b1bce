"""The second organisation: consent, special categories, a third country; nothing is tied to the first one."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from gestand.doors.cli.main import run
from gestand.doors.demonstration.place import Place, example_folder, make_place
from gestand.doors.house import world_of
from gestand.evidence.model import ClauseFinding
from gestand.evidence.service import prove
from gestand.kernel.ids import ActorId, FieldPath, PurposeId
from gestand.publication.folder import read_statement
from gestand.rights.access_letter import access_letter
from gestand.rights.model import Channel, IdentityLevel, Right

SOURCE = example_folder().with_name("fanfare")
SECRETARY = ActorId("secretary")
START = datetime(2026, 9, 7, 18, 0, tzinfo=UTC)
CAMP, MEMBERSHIP, NEWSLETTER = PurposeId("camp"), PurposeId("membership"), PurposeId("newsletter")


def fields(**values):
    return {FieldPath(name.replace("__", ".")): value for name, value in values.items()}


@pytest.fixture
def band(tmp_path):
    place: Place = make_place(tmp_path / "fanfare", source=SOURCE)
    place.clock.move_to(START)
    house = place.open()
    house.publication.publish(read_statement(place.folder), in_force_from=START.date(), actor=SECRETARY, first=True)
    yield place
    place.close()


@pytest.fixture
def member(band):
    """A youth member with a guardian, an allergy, and a wish for the newsletter."""
    house = band.open()
    subject = house.intake.admit(
        None, fields(contact__name="Lotte Visser", contact__email="lotte@example.nl", membership__parent="Ans Visser"),
        MEMBERSHIP, source="counter", actor=SECRETARY,
    )  # fmt: skip
    house.choices.consent(subject, CAMP, channel="counter", actor=SECRETARY)
    house.intake.admit(subject, fields(health__allergies="noten"), CAMP, source="counter", actor=SECRETARY)
    return subject


def values(opening):
    return {item.holding.field: item.value for item in opening.items}


def test_it_compiles_without_a_word_to_mend(capsys):
    assert run(["check", "--org", str(SOURCE)]) == 0
    assert "no errors, warnings: 0" in capsys.readouterr().out


def test_health_opens_for_the_camp_alone_and_only_while_consent_stands(band, member):
    vault = band.open().vault
    assert values(vault.open(member, CAMP, actor=SECRETARY, reason="list for the camp"))["health.allergies"] == "noten"
    assert "health.allergies" not in values(vault.open(member, MEMBERSHIP, actor=SECRETARY, reason="rehearsal"))
    vault.withdraw_consent(member, CAMP, channel="telephone", actor=SECRETARY)
    after = vault.open(member, CAMP, actor=SECRETARY, reason="list for the camp")
    assert not after.items
    assert "health.allergies" in {item.holding.field for item in after.refused}


def test_the_newsletter_is_refused_without_consent(band, member):
    assert not band.open().vault.open(member, NEWSLETTER, actor=SECRETARY, reason="September").items


def test_health_leaves_three_months_after_it_was_given(band, member):
    band.clock.move_to(START + timedelta(days=100))
    house = band.open()
    house.retention.run(actor=SECRETARY)
    held = {holding.field for holding in house.vault.holdings(member)}
    assert "health.allergies" not in held
    assert "contact.name" in held


def test_an_answer_names_the_third_country_with_its_safeguard(band, member):
    house = band.open()
    house.choices.consent(member, NEWSLETTER, channel="web", actor=SECRETARY)
    house.intake.admit(
        member, fields(contact__email="lotte.visser@example.nl"), NEWSLETTER, source="web", actor=SECRETARY
    )
    asked = house.requests.receive(Right.ACCESS, contact="lotte@example.nl", channel=Channel.EMAIL, actor=SECRETARY)
    house.requests.confirm(asked.id, IdentityLevel.CONTACT_POINT, actor=SECRETARY)
    letter = access_letter(house.requests.answer(asked.id, actor=SECRETARY), "nl")
    assert "Postbird" in letter
    assert "2023/1795" in letter
    assert "noten" in letter


def test_its_statement_is_proven_like_any_other(band, member):
    house = band.open()
    asked = house.requests.receive(Right.ERASURE, contact="lotte@example.nl", channel=Channel.EMAIL, actor=SECRETARY)
    house.requests.confirm(asked.id, IdentityLevel.IN_PERSON, actor=SECRETARY)
    house.requests.plan(asked.id, actor=SECRETARY)
    assert house.requests.erase(asked.id, actor=SECRETARY).absence_proven
    proven = prove(world_of(house))
    assert proven.count(ClauseFinding.BROKEN) == 0
    assert proven.count(ClauseFinding.KEPT) >= 10
    assert {c.clause.id for c in proven.clauses} >= {"L1", "L2", "L3", "G2"}


def test_a_draft_without_the_safeguard_or_the_special_ground_is_refused(tmp_path, capsys):
    for line in ('transfer = "AVG 45', 'special_ground = "AVG 9(2)(a)'):
        folder = tmp_path / line[:5]
        shutil.copytree(SOURCE, folder)
        policy = folder / "policy.toml"
        kept = [row for row in policy.read_text("utf-8").splitlines() if not row.startswith(line)]
        policy.write_text("\n".join(kept) + "\n", "utf-8")
        assert run(["check", "--org", str(folder)]) == 1
        assert "Article" in capsys.readouterr().out
