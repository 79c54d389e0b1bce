"""The commands of post and outreach, from a template to an unsubscribe, on a real mail server named in gestand.toml."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gestand.doors.demonstration.mailserver import mail_server
from gestand.doors.demonstration.place import Place
from gestand.post.model import Letter
from outreach.people import PHONE, WORDS, consenting, subject_of

Gestand = Callable[..., object]


@pytest.fixture
def template(place: Place) -> str:
    path = place.folder / "nieuws.md"
    path.write_text(WORDS, "utf-8")
    return str(path)


def through(place: Place, port: int) -> None:
    settings = f'\n[mail.smtp]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nnear = true\nfrom = "info@example.nl"\nrate = 0\n'
    path = place.folder / "gestand.toml"
    path.write_text(path.read_text("utf-8") + settings, "utf-8")


def test_a_newsletter_from_template_to_status(place: Place, gestand: Gestand, template: str):
    consenting(place.open(), 3)
    place.close()
    with mail_server() as server:
        through(place, server.port)
        made = gestand("outreach", "new", template, "--purpose", "newsletter", "--title", "Nieuws", "--json").document
        assert made["allowed"]
        assert made["counts"]["allowed"] == 3
        campaign = made["id"]
        refused = gestand("outreach", "send", campaign, "--json")
        assert (refused.status, refused.error["code"]) == (3, "campaign-not-tested")
        assert gestand("outreach", "test", campaign, "--to", "ik@example.nl").status == 0
        assert gestand("post", "deliver", "--json").document["counts"] == {"sent": 1}
        assert gestand("outreach", "send", campaign, "--dry-run", "--json").document["counts"]["allowed"] == 3
        sent = gestand("outreach", "send", campaign, "--json")
        assert sent.document["counts"] == {"sent": 3}  # the trial is none of them
        assert sent.document["finished"] is True
        people = gestand("outreach", "audience", campaign, "--people", "--json").document["people"]
        assert {one["version"] for one in people if one["allowed"]} == {"2026-12-01"}
        assert gestand("outreach", "audience", campaign, "--people").status == 0
        listed = gestand("post", "list", "--reference", campaign, "--json").document
        assert {one["state"] for one in listed} == {"sent"}
        assert gestand("post", "list").status == 0
        shown = gestand("post", "show", listed[0]["id"])
        assert "250" in shown.out
        assert campaign in {one["id"] for one in gestand("outreach", "status", "--json").document}
        assert gestand("outreach", "status").status == 0
        assert gestand("outreach", "stop", campaign).status == 0
        again = gestand("post", "retry", listed[0]["id"], "--json")
        assert again.error["code"] == "post-no-retry"
    subject = subject_of(place.open(), 0)
    place.close()
    moments = gestand("outreach", "history", subject, "--json").document
    assert [(m["what"], m["text"]) for m in moments] == [("consent.recorded", "2026-12-01")]
    assert gestand("outreach", "history", subject).status == 0
    assert gestand("outreach", "forget", "abonnee0@example.nl").status == 0


def test_calls_are_listed_and_recorded(place: Place, gestand: Gestand, template: str):
    consenting(place.open(), 1, purpose=PHONE)
    place.close()
    made = gestand("outreach", "new", template, "--kind", "offer", "--via", "telephone", "--purpose", "offers-phone",
                   "--title", "Onderhoud", "--json").document  # fmt: skip
    listed = gestand("outreach", "calls", made["id"], "--json").document["calls"]
    listed = [one for one in listed if one["name"].startswith("Abonnee")]
    assert len(listed) == 1
    assert "niet meer wilt" in gestand("outreach", "calls", made["id"]).out
    subject = listed[0]["subject"]
    unsaid = gestand("outreach", "record", made["id"], subject, "--outcome", "spoken", "--json")
    assert (unsaid.status, unsaid.error["code"]) == (3, "call-without-objection")
    done = gestand("outreach", "record", made["id"], subject, "--outcome", "spoken", "--offered", "--json").document
    assert done["counts"] == {"spoken": 1}


def test_a_letter_is_printed_and_marked(place: Place, gestand: Gestand):
    house = place.open()
    values = {"received": "2 december", "asked": "inzage", "due": "2 januari", "request": "req_1"}
    letter = house.post.print_letter(Letter(house.post.letter("receipt", "nl", values)))
    token = letter.strip("<>").partition("@")[0]
    file = place.folder / "brief.pdf"
    assert gestand("post", "print", token, "--into", str(file)).status == 0
    assert file.read_bytes().startswith(b"%PDF")
    done = gestand("post", "print", token, "--posted-on", "2026-12-07", "--by", "Eva", "--json").document
    assert (done["state"], done["posted_by"], done["waits"]) == ("posted", "Eva", False)


def test_wrong_use_is_told_without_a_trace(place: Place, gestand: Gestand, template: str):
    assert gestand("post", "deliver", "--json").error["code"] == "smtp-not-set"
    assert gestand("post", "show", "nothing", "--json").error["code"] == "post-unknown"
    assert gestand("outreach", "status", "cam_x", "--json").error["code"] == "campaign-unknown"
    gone = gestand("outreach", "new", "/nowhere.md", "--purpose", "newsletter", "--title", "x", "--json")
    assert (gone.status, gone.error["code"]) == (2, "template-unreadable")
    path = place.folder / "gestand.toml"
    path.write_text(path.read_text("utf-8").replace("https://www.kopercom.nl/afmelden", "http://example.nl"), "utf-8")
    assert gestand("post", "list", "--json").error["code"] == "config-value"
