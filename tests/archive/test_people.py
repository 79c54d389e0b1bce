"""Messages of a person: by id, by any identifier, by name, in whatever order it is written; closed where they say so."""

from __future__ import annotations

import pytest

from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.archive.people import written
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import PurposeId
from gestand.vault.model import NewItem, NewSubject

RIGHTS = PurposeId("rights")
ADMINISTRATION = PurposeId("mail-administration")


def added(found, name="Anna de Vries", address="anna@example.nl", other="a.devries@example.org"):
    items = [
        NewItem("contact.name", name, "mail", "web", purposes=(ARCHIVE,)),
        NewItem("contact.email", address, "mail", "web", purposes=(ARCHIVE,)),
        NewItem("contact.email", other, "mail", "web", purposes=(ARCHIVE,)),
    ]
    [subject] = found.vault.add([NewSubject(tuple(items))], actor=OWNER, reason="test")
    return subject


def put(found, *mails):
    return [one.message for one in found.archive.admit_many((raw, way()) for raw in mails)]


def ask(found, query, purpose=ARCHIVE):
    return {kept.message for kept in found.archive.search(query, purpose, actor=OWNER, reason="test")}


@pytest.fixture
def five(tmp_path):
    with house(tmp_path) as found:
        names = put(
            found,
            mail("Van Anna", number=1),
            mail("Andere bus", number=2, sender="a.devries@example.org"),
            mail("Genoemd", "Volgens mevrouw Anna de Vries klopt dit.\n", number=3, sender="bram@example.org"),
            mail("Omgekeerd", number=4, sender="bram@example.org", to='"Vries, Anna de" <x@example.org>'),
            mail("Iemand anders", "Anna zegt dat meneer de Vries belde.\n", number=5, sender="bram@example.org"),
        )
        yield found, names


@pytest.mark.parametrize("person", ["{subject}", "anna@example.nl", '"Anna de Vries"'])
def test_a_person_is_found_by_everything_that_is_known_of_them_and_by_name_in_the_text(five, person):
    found, names = five
    subject = added(found)
    assert ask(found, "person:" + person.format(subject=subject)) == set(names[:4])


def test_a_name_that_nobody_in_the_register_has_is_found_in_the_text(five):
    found, names = five
    assert ask(found, 'person:"Anna de Vries"') == {names[0], names[2], names[3]}
    assert ask(found, 'person:"de Vries, Anna"') == {names[0], names[2], names[3]}
    assert ask(found, 'person:"Anna de Vries" klopt') == {names[2]}
    assert ask(found, 'person:"Carla Nooitgezien"') == set()
    with pytest.raises(UsageError, match="who is meant"):
        ask(found, "person:Anna")


def test_a_name_is_written_in_several_ways():
    assert ("vries", "anna", "de") in written("Anna de Vries")
    assert ("a", "de", "vries") in written("Anna de Vries")
    assert written("Anna") == ()


def test_an_objection_is_judged_when_a_message_is_read(five):
    found, names = five
    subject = added(found)
    assert names[0] in ask(found, "printer")
    found.vault.object_to(subject, [ARCHIVE], actor=OWNER, reason="Article 21")
    assert names[0] not in ask(found, "printer")
    with pytest.raises(RefusedError, match="objected"):
        found.archive.open(names[0], ARCHIVE, actor=OWNER, reason="t")
    assert found.archive.allowed(names, ARCHIVE) == tuple(names[2:])  # a name alone closes nothing: it belongs to many
    assert found.archive.open(names[0], RIGHTS, actor=OWNER, reason="t").raw  # to answer them it opens
    found.vault.withdraw_objection(subject, [ARCHIVE], actor=OWNER, reason="their own word")
    assert found.archive.open(names[0], ARCHIVE, actor=OWNER, reason="t").raw


def test_a_restricted_message_opens_only_to_answer_the_person(five):
    found, names = five
    assert found.archive.restrictions.place(names[:1], reason="contested", actor=OWNER) == 1
    with pytest.raises(RefusedError, match="restricted"):
        found.archive.open(names[0], ARCHIVE, actor=OWNER, reason="t")
    assert names[0] not in ask(found, "printer")
    assert names[0] in ask(found, "printer", RIGHTS)
    assert found.archive.open(names[0], RIGHTS, actor=OWNER, reason="t").raw
    found.archive.restrictions.lift(names[:1], reason="settled", actor=OWNER)
    assert found.archive.open(names[0], ARCHIVE, actor=OWNER, reason="t").raw
    assert [
        event["messages"] for name in ("message.restricted", "message.released") for event in found.events(name)
    ] == [1, 1]


def test_a_message_that_is_named_twice_is_held_once(five):
    found, names = five
    placed = found.archive.holds.place([names[0], names[0]], reason="court case", until=None, actor=OWNER)
    assert placed.messages == (names[0],)
    assert [one.messages for one in found.archive.holds.every()] == [(names[0],)]


def test_nothing_of_a_restriction_stays_of_a_message_that_is_erased(five):
    found, names = five
    found.archive.restrictions.place(names[:1], reason="contested", actor=OWNER)
    found.archive.erase(names[:1], ground="Article 17", actor=OWNER)
    assert found.engine.execute("SELECT count(*) FROM archive_restricted") == [(0,)]


def test_a_correction_is_proposed_for_the_rest_of_the_conversation(tmp_path):
    with house(tmp_path) as found:
        first, answer, last, other = put(
            found,
            mail("Afspraak", number=1),
            mail("Re: Afspraak", number=2, extra="References: <1@example.nl>\r\n"),
            mail("Re: Afspraak", number=3, extra="References: <1@example.nl> <2@example.nl>\r\n"),
            mail("Iets anders", number=4),
        )
        found.archive.purposes.correct([last], ARCHIVE, actor=OWNER, reason="only thanks")
        found.archive.purposes.correct([first], ADMINISTRATION, actor=OWNER, reason="an agreement")
        proposed = found.archive.purposes.of_the_rest(first)
        assert [one.message for one in proposed] == [answer]  # what a person placed stays where it is
        done = found.archive.purposes.correct([answer], ADMINISTRATION, actor=OWNER, reason="with the first")
        assert [(one.purpose, one.corrected_by) for one in done] == [(ADMINISTRATION, OWNER)]
        assert found.archive.purposes.of_the_rest(first) == ()
        assert found.archive.kept(other).purpose == ARCHIVE


def test_a_copy_for_a_person_leaves_their_own_and_blacks_out_others(five):
    found, names = five
    subject = added(found)
    opened = found.archive.open(names[2], RIGHTS, actor=OWNER, reason="t")
    proposed = found.archive.copies.propose(opened, subject, actor=OWNER)
    assert "bram@example.org" not in proposed.text
    assert "Anna de Vries" in proposed.text


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_message_is_neither_looked_for_nor_opened_without_a_reason(five, reason):
    found, names = five
    before = len(list(found.ledger.entries()))
    why = {"actor": OWNER, "reason": reason}
    for act in (
        lambda: found.archive.search("printer", ARCHIVE, **why),
        lambda: found.archive.of_person("anna@example.nl", ARCHIVE, **why),
        lambda: found.archive.open(names[0], ARCHIVE, **why),
        lambda: found.archive.holds.place(names, until=None, **why),
        lambda: found.archive.restrictions.place(names, **why),
    ):
        with pytest.raises(UsageError) as refused:
            act()
        assert refused.value.code == "reason"
    assert len(list(found.ledger.entries())) == before
