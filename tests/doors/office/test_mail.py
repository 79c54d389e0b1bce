"""Mail in the office: searched and opened for a purpose alone, shown so that nothing in it acts, given with others blacked out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from doors.office.desk import approve, sign_in, sit_down
from gestand.archive.model import Way
from gestand.doors.office.pages import held_mail, mail
from gestand.kernel.errors import RefusedError, UsageError
from gestand.staff.model import Act

PURPOSE = "mail-archive"
HOSTILE = """\
From: Anna de Vries <anna@example.nl>
To: Koper <info@example.org>
Cc: Gijs Geheim <gijs@example.org>
Subject: <script>alert(1)</script> printerkabel
Message-ID: <one@example.nl>
Date: Fri, 04 Dec 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=a

--a
Content-Type: text/html; charset=utf-8

<p onclick="alert(2)">Dag, dit is <b>Anna</b>. Bel Gijs op gijs@example.org.</p><script>document.title='hacked'</script>
<img src="https://tracker.example.org/x.gif"><form action="https://example.org"><input></form><a href="https://example.org/p">hier</a>
--a
Content-Type: text/plain; name="aantekening.txt"
Content-Disposition: attachment; filename="aantekening.txt"

de bijlage zelf
--a--
"""


def brought(house) -> str:
    """Bring the hostile message and an answer to it into the archive; return the id of the first."""
    moment = datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    first = house.archive.admit(HOSTILE.replace("\n", "\r\n").encode(), Way("file", "test", moment))
    answer = "From: info@example.org\r\nTo: anna@example.nl\r\nSubject: Re\r\nMessage-ID: <two@example.org>\r\nReferences: <one@example.nl>\r\n\r\nKomt goed.\r\n"
    house.archive.admit(answer.encode(), Way("file", "test", moment))
    return first.message


def entries(house, name: str) -> list:
    return [entry.event for entry in house.ledger.entries() if entry.event.name == name]


def test_nothing_is_found_or_opened_without_a_purpose_that_a_role_has(visit):
    message = brought(visit.house)
    stranger = replace(visit, person=replace(visit.person, roles=()), params={"message": message, "number": "0"})
    before = visit.house.ledger.head().size
    asked = {"purpose": PURPOSE, "wanted": "printerkabel", "person": "anna@example.nl", "confirmed": "x"}
    for view in (mail.find, mail.redaction, mail.give):
        with pytest.raises(RefusedError) as refused:
            view(replace(stranger, form=asked))
        assert refused.value.code == "role-purpose"
    for view in (mail.message, mail.formatted, mail.attachment):
        with pytest.raises(RefusedError) as refused:
            view(replace(stranger, query={"purpose": PURPOSE}))
        assert refused.value.code == "role-purpose"
    assert mail.message(replace(visit, params={"message": message})).location == "/office/nl/mail"
    with pytest.raises(RefusedError) as refused:  # a purpose of the role that does not need messages
        mail.message(replace(visit, params={"message": message}, query={"purpose": "newsletter"}))
    assert refused.value.code == "message-refused"
    assert visit.house.ledger.head().size == before
    assert "newsletter" not in mail.needing(visit)


def test_search_lists_headlines_and_says_so_in_the_ledger(visit):
    message = brought(visit.house)
    shown = mail.find(
        replace(visit, form={"purpose": PURPOSE, "wanted": "printerkabel", "reason": "request"})
    ).body.decode()
    assert f"/office/nl/mail/{message}?purpose={PURPOSE}&amp;reason=request" in shown
    assert "Anna de Vries" in shown
    assert "<script>" not in shown
    searched, opened = entries(visit.house, "message.searched")[-1], entries(visit.house, "message.opened")[-1]
    assert (searched.actor, searched.facts["reason"]) == (visit.actor, "request")
    assert (opened.actor, opened.facts["purpose"]) == (visit.actor, PURPOSE)
    assert b"Geen bericht gevonden" in mail.find(replace(visit, form={"purpose": PURPOSE, "wanted": "zeppelin"})).body


def test_a_message_opens_text_first_with_its_conversation_and_attachments(visit):
    message = brought(visit.house)
    at = replace(visit, params={"message": message}, query={"purpose": PURPOSE})
    shown = mail.message(at).body.decode()
    assert "Dag, dit is" in shown
    assert "<script>" not in shown
    assert "aantekening.txt" in shown
    assert len(re.findall("bericht van", shown)) == 1  # the answer
    kept = mail.attachment(replace(at, params={"message": message, "number": "0"}))
    assert (kept.filename, kept.media) == ("aantekening.txt", "application/octet-stream")
    assert b"de bijlage zelf" in kept.body
    with pytest.raises(UsageError):
        mail.attachment(replace(at, params={"message": message, "number": "7"}))
    framed = mail.formatted(at).body.decode()
    for bad in ("<script", "onclick", "<img", "<form", "<input", "href="):
        assert bad not in framed
    assert "<b>Anna</b>" in framed


def test_a_copy_is_given_only_with_the_words_that_were_looked_at(visit):
    message = brought(visit.house)
    form = {"purpose": PURPOSE, "person": "anna@example.nl"}
    at = replace(visit, params={"message": message}, form=form)
    shown = mail.redaction(at).body.decode()
    assert "█████" in shown
    assert "anna@example.nl" in shown
    assert "gijs@example.org" not in shown
    [digest] = re.findall(r'name="confirmed" value="([0-9a-f]{64})"', shown)
    with pytest.raises(RefusedError) as refused:
        mail.give(replace(at, form={**form, "confirmed": "0" * 64}))
    assert refused.value.code == "redaction-not-confirmed"
    assert entries(visit.house, "message.redacted") == []
    given = mail.give(replace(at, form={**form, "confirmed": digest}))
    assert given.filename.endswith(".txt")
    assert b"gijs@example.org" not in given.body
    assert entries(visit.house, "message.redacted")[-1].facts["digest"] == digest
    with pytest.raises(UsageError):
        mail.redaction(replace(at, form={**form, "person": "niemand@example.org"}))


def test_a_person_puts_a_message_and_its_conversation_under_another_purpose_and_no_rule_changes_that(visit):
    message, archive = brought(visit.house), visit.house.archive
    at = replace(visit, params={"message": message}, query={"purpose": PURPOSE})
    number = archive.kept(message).number
    answer = next(archive.every(after=number))
    shown = mail.message(at).body.decode()
    assert "Hier neergezet door de regel" in shown
    assert 'value="mail-administration"' in shown
    assert "Neem het gesprek mee" not in shown
    before = archive.kept(message)
    form = {"purpose": PURPOSE, "class": "mail-administration", "why": "hoort bij een factuur"}
    gone = mail.classed(replace(at, form=form))
    assert gone.location == f"/office/nl/mail/{message}?purpose={PURPOSE}&reason=dossier"
    kept = archive.kept(message)
    assert (kept.purpose, kept.corrected_by) == ("mail-administration", visit.actor)
    assert kept.due == archive.purposes.would_leave(before, "mail-administration") > before.due
    assert entries(visit.house, "message.classed")[-1].facts["reason"] == "hoort bij een factuur"
    shown = mail.message(at).body.decode()
    assert "Hier neergezet door een mens" in shown
    assert "Nog 1 van dit gesprek staan elders" in shown
    assert archive.kept(answer.message).purpose == PURPOSE
    mail.classed(replace(at, form={**form, "rest": "on"}))
    assert archive.kept(answer.message).purpose == "mail-administration"
    assert "Neem het gesprek mee" not in mail.message(at).body.decode()
    for lacking in ("class", "why"):
        with pytest.raises(UsageError):
            mail.classed(replace(at, form={**form, lacking: ""}))
    stranger = replace(at, person=replace(visit.person, roles=()), form=form)
    with pytest.raises(RefusedError) as refused:
        mail.classed(stranger)
    assert refused.value.code == "role-purpose"


def talk(visit) -> tuple:
    """Bring a message and its answer; return a visit at the first, and both ids."""
    first = brought(visit.house)
    [answer] = [
        one for one in visit.house.archive.every(after=visit.house.archive.kept(first).number) if one.message != first
    ]
    form = {"purpose": PURPOSE, "reason": "dossier", "why": "een geschil"}
    return replace(visit, params={"message": first}, query={"purpose": PURPOSE}, form=form), first, answer.message


def test_a_message_or_its_conversation_is_held_and_let_go_only_after_a_second_look(visit):
    at, first, answer = talk(visit)
    holds = visit.house.archive.holds
    assert "Hef op (tweede blik)" not in mail.message(at).body.decode()
    gone = held_mail.hold(replace(at, form={**at.form, "until": "2030-01-31"}))
    assert gone.location == f"/office/nl/mail/{first}?purpose={PURPOSE}&reason=dossier"
    held_mail.hold(replace(at, form={**at.form, "rest": "on", "why": "een bevel"}))
    narrow, wide = sorted(holds.on(first), key=lambda one: len(one.messages))
    assert (narrow.messages, str(narrow.until), wide.messages, wide.until) == (
        (first,),
        "2030-01-31",
        (first, answer),
        None,
    )
    assert holds.on(answer) == (wide,)
    shown = mail.message(at).body.decode()
    assert "een geschil" in shown
    assert "ligt op 2 berichten" in shown
    assert "2 vastgehouden, 0 beperkt" in mail.mail(visit).body.decode()
    listed = held_mail.held(visit).body.decode()
    assert f"mail/holds/{wide.id}/lift" in listed
    assert (
        f"mail/holds/{wide.id}/lift"
        not in held_mail.held(replace(visit, person=replace(visit.person, keeper=False))).body.decode()
    )
    lifting = replace(visit, params={"hold": wide.id}, form={"why": "voorbij"})
    assert held_mail.lift(lifting).location == "/office/nl/staff"  # asked, not done
    with pytest.raises(RefusedError) as refused:
        held_mail.lift(lifting)
    assert refused.value.code == "approval-missing"
    assert len(holds.every()) == 2
    approve(visit, Act.LIFT_HOLD, wide.id)
    assert held_mail.lift(lifting).location == "/office/nl/mail/held"
    assert [one.id for one in holds.every()] == [narrow.id]
    assert entries(visit.house, "hold.lifted")[-1].facts == {"hold": wide.id, "reason": "voorbij"}
    with pytest.raises(UsageError) as unknown:
        held_mail.lift(lifting)
    assert unknown.value.code == "hold-unknown"
    for wrong in ({"why": ""}, {"until": "2020-01-01"}, {"until": "morgen"}):
        with pytest.raises(UsageError):
            held_mail.hold(replace(at, form={**at.form, **wrong}))


def test_a_restricted_message_opens_to_answer_its_person_and_the_list_lets_it_go(visit):
    at, first, answer = talk(visit)
    restrictions = visit.house.archive.restrictions
    rights = visit.policy.rights.purpose
    gone = held_mail.restrict(replace(at, form={**at.form, "rest": "on"}))
    assert gone.location == f"/office/nl/mail/{first}?purpose={rights}&reason=request"
    assert [one.message for one in restrictions.every()] == [first, answer]
    with pytest.raises(RefusedError) as refused:
        mail.message(at)
    assert refused.value.code == "message-refused"
    assert "De beperking opheffen" in mail.message(replace(at, query={"purpose": rights})).body.decode()
    before = visit.house.ledger.head().size
    listed = held_mail.held(visit).body.decode()
    assert visit.house.ledger.head().size == before  # nothing was opened
    assert "een geschil" in listed
    assert f"/office/nl/mail/{first}?purpose={rights}&amp;reason=request" in listed
    released = held_mail.restrict(replace(at, form={"release": "1", "why": "opgelost"}))
    assert released.location == f"/office/nl/mail/{first}?purpose={rights}&reason=request"
    assert [one.message for one in restrictions.every()] == [answer]
    assert held_mail.restrict(replace(at, form={**at.form, "release": "1", "rest": "on"})).location.endswith(
        f"?purpose={PURPOSE}&reason=dossier"
    )
    assert restrictions.every() == ()
    assert "Er is niets beperkt" in held_mail.held(visit).body.decode()


def test_who_may_not_see_messages_neither_holds_nor_restricts_nor_lists_them(visit):
    at, *_ = talk(visit)
    stranger = replace(at, person=replace(visit.person, roles=("nobody",)))
    for view in (held_mail.hold, held_mail.restrict, held_mail.held):
        with pytest.raises(RefusedError) as refused:
            view(stranger)
        assert refused.value.code == "role-purpose"


def test_in_a_browser_the_keyboard_reads_a_message_and_nothing_in_it_acts(worked, browser):
    brought(worked.office.house)
    desk = sit_down(browser, worked.credentials, accept_downloads=True)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    sign_in(desk, worked.office.url("nl/mail"))
    page = desk.page
    assert page.evaluate("document.activeElement.name") == "wanted"
    page.keyboard.type("printerkabel")
    page.get_by_label("Doel waarvoor u kijkt").select_option(PURPOSE)
    page.get_by_role("button", name="Zoek berichten").press("Enter")
    page.get_by_role("link", name="printerkabel").press("Enter")
    page.get_by_role("heading", name="Tekst").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == "<script>alert(1)</script> printerkabel"
    page.get_by_role("button", name="Toon met opmaak").press("Enter")
    frame = page.frame_locator("iframe.message")
    frame.get_by_text("Dag, dit is").wait_for()
    assert page.locator("iframe.message").get_attribute("sandbox") == ""
    assert page.locator("iframe.message").get_attribute("src").startswith("blob:")
    with page.expect_download() as caught:
        page.get_by_role("link", name="aantekening.txt").press("Enter")
    assert caught.value.suggested_filename == "aantekening.txt"
    assert "hacked" not in page.title()
    assert [url for url in asked if not url.startswith((worked.office.origin, "blob:"))] == []
    assert desk.said == []
    desk.close()
