import pytest

from archive_house import ARCHIVE, OWNER, house, mail, way
from gestand.archive.redacting import BLACK, propose
from gestand.kernel.errors import RefusedError
from gestand.reading.mailparse import read_mail

BODY = "Dag, Bram Jansen (06-12345678) en ik, Anna de Vries, anna@example.nl, komen. Groet, Bram\n"
OWN = {"anna@example.nl"}


def the_mail():
    return mail("Afspraak", BODY, sender="Bram Jansen <bram@example.org>", to="Anna de Vries <anna@example.nl>")


def test_others_are_blacked_out_and_the_person_themselves_is_not():
    told = propose(read_mail(the_mail()), OWN, ["Anna de Vries"])
    for hidden in ("Bram", "Jansen", "bram@example.org", "12345678"):
        assert hidden not in told.text
    assert "Anna de Vries" in told.text
    assert "anna@example.nl" in told.text
    assert told.places == told.text.count(BLACK)


def test_nothing_is_given_before_a_person_has_confirmed_these_very_words(tmp_path):
    with house(tmp_path) as found:
        one = found.archive.admit(the_mail(), way()).message
        opened = found.archive.open(one, ARCHIVE, actor=OWNER, reason="request")
        seen = propose(found.archive.read(opened), OWN, ["Anna de Vries"])
        other = propose(found.archive.read(opened), set())
        with pytest.raises(RefusedError) as raised:
            found.archive.copies.give(opened, other, confirmed=seen.digest, actor=OWNER)
        assert raised.value.code == "redaction-not-confirmed"
        assert found.events("message.redacted") == []
        assert found.archive.copies.give(opened, seen, confirmed=seen.digest, actor=OWNER) == seen.text
        assert found.events("message.redacted")[0]["digest"] == seen.digest
