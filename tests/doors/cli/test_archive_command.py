"""``gestand archive`` as its owner runs it: a class for a conversation, a restriction, a copy for a person."""

from __future__ import annotations

import pytest

from archive_house import mail, way
from gestand.archive import index
from gestand.doors.demonstration.cast import CAST
from gestand.doors.house import world_of
from gestand.evidence.controls.archive import archive_receives_all
from gestand.evidence.model import Finding
from gestand.statement.policy import FieldKind

WHO = CAST[2]


@pytest.fixture
def letters(place):
    archive = place.open().archive
    mails = [
        mail("Afspraak over zeekastanje", number=901, sender=f"{WHO.name} <{WHO.email}>"),
        mail("Re: Afspraak", "Bram Jansen belt u.\n", number=902, extra="References: <901@example.nl>\r\n"),
    ]
    return [one.message for one in archive.admit_many((raw, way(received=place.clock())) for raw in mails)]


def test_a_class_is_proposed_for_the_rest_of_the_conversation_and_goes_along_when_asked(gestand, letters):
    first, second = letters
    correct = ("archive", "correct", first, "mail-administration", "--reason", "an agreement")
    done = gestand(*correct, "--json").document
    assert (done["shelf"], done["proposed"], done["along"]) == ("mail-administration", [second], [])
    assert "--thread" in gestand(*correct).out
    assert gestand(*correct, "--thread", "--json").document["along"] == [second]
    assert gestand(*correct, "--json").document["proposed"] == []


def test_a_restricted_message_stays_closed_until_that_is_lifted(gestand, letters):
    first, second = letters
    show = ("archive", "show", first, "--purpose", "mail-archive", "--json")
    assert gestand(*show).status == 0
    done = gestand("archive", "restrict", first, "--reason", "contested", "--json")
    assert done.document == {"messages": 1, "restricted": True}
    [listed] = gestand("archive", "restricted", "--json").document
    assert (listed["message"], listed["reason"]) == (first, "contested")
    assert f"{first}: received" in gestand("archive", "restricted").out
    refused = gestand(*show)
    assert (refused.status, refused.error["code"]) == (3, "message-refused")
    talk = gestand("archive", "thread", second, "--purpose", "mail-archive")
    assert "1 more of the conversation stay closed" in talk.out
    assert "may be used again" in gestand("archive", "restrict", first, "--reason", "settled", "--lift").out
    assert "No message is restricted" in gestand("archive", "restricted").out
    assert gestand(*show).status == 0


def test_the_holds_on_messages_are_listed_and_lifted(gestand, letters):
    assert "No message is held" in gestand("archive", "holds").out
    both = gestand("archive", "hold", *letters, "--reason", "a claim", "--json").document["hold"]
    one = gestand("archive", "hold", letters[0], "--reason", "an order", "--until", "2027-03-01", "--json").document[
        "hold"
    ]
    listed = gestand("archive", "holds", "--json").document
    assert {each["hold"]: (len(each["messages"]), each["reason"], each["until"]) for each in listed} == {
        both: (2, "a claim", None),
        one: (1, "an order", "2027-03-01"),
    }
    assert f"{one}: 1 messages since" in gestand("archive", "holds").out
    assert gestand("archive", "release", both, "--reason", "settled").status == 0
    assert [each["hold"] for each in gestand("archive", "holds", "--json").document] == [one]
    again = gestand("archive", "release", both, "--reason", "again")
    assert again.status == 2
    assert "gestand archive holds" in again.err


def test_a_copy_is_proposed_and_given_only_when_its_words_are_confirmed(gestand, place, letters):
    [subject] = place.open().vault.find(FieldKind.EMAIL, WHO.email)
    redact = ("archive", "redact", letters[0], "--for", subject)
    proposed = gestand(*redact, "--json").document
    assert WHO.email in proposed["text"]
    assert "info@example.org" not in proposed["text"]
    assert proposed["given"] is False
    assert gestand(*redact, "--confirm", "0" * 8, "--json").error["code"] == "redaction-not-confirmed"
    assert gestand(*redact, "--confirm", proposed["digest"], "--json").document["given"] is True
    assert "--confirm" in gestand(*redact).out
    assert "digest of these words is in the ledger" in gestand(*redact, "--confirm", proposed["digest"]).out


def test_everything_of_a_person_is_restricted_their_messages_too(gestand, place, letters):
    [subject] = place.open().vault.find(FieldKind.EMAIL, WHO.email)
    done = gestand("subject", "restrict", subject, "--reason", "contested", "--json").document
    assert done["messages"] >= 1
    assert place.open().archive.restrictions.on(letters[0])
    assert (
        gestand("subject", "release", subject, "--reason", "settled", "--json").document["messages"] == done["messages"]
    )
    assert not place.open().archive.restrictions.on(letters[0])


def test_a_person_is_found_by_name(gestand, letters):
    found = gestand("archive", "search", f'person:"{WHO.name}" zeekastanje', "--purpose", "mail-archive", "--json")
    assert [one["message"] for one in found.document] == [letters[0]]


def test_after_an_upgrade_that_reads_more_every_door_says_that_the_index_is_to_be_made_anew(
    gestand, place, letters, monkeypatch
):
    first, _ = letters
    place.close()
    monkeypatch.setattr(index, "VERSION", index.VERSION + 1)
    seek = ("archive", "search", "zeekastanje", "--purpose", "mail-archive")
    show = ("archive", "show", first, "--purpose", "mail-archive", "--json")
    assert "gestand archive reindex" in gestand("archive", "status").out
    assert gestand("archive", "status", "--json").document["indexed"] == 0
    refused = gestand(*seek)
    assert (refused.status, "gestand archive reindex" in refused.err) == (1, True)
    assert gestand(*show).status == 0  # a message opens whatever the index is
    broken = archive_receives_all(world_of(place.open()))
    assert (broken.finding, "and 0 in the index" in broken.evidence[0]) == (Finding.BROKEN, True)
    place.close()
    assert gestand("archive", "reindex").status == 0
    assert gestand(*seek).status == 0
    assert archive_receives_all(world_of(place.open())).finding is Finding.KEPT
