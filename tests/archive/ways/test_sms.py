"""Text messages as a telephone's backup writes them."""

from __future__ import annotations

from gestand.archive.ways.chats import chat_messages

SMS = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<smses count="3">
  <sms address="+31612345601" date="1796137200000" type="1" body="Bent u er?" contact_name="Anna de Vries" />
  <sms address="+31612345601" date="1796137260000" type="2" body="Ja." contact_name="Anna de Vries" />
  <mms address="+31612345602" date="1796137300000" msg_box="1" contact_name="(Unknown)"><parts>
    <part ct="text/plain" text="Kijk" /><part ct="image/jpeg" cl="foto.jpg" data="/9hiZWVsZA==" /></parts></mms>
</smses>"""


def test_text_messages_by_person_and_day(tmp_path):
    path = tmp_path / "sms.xml"
    path.write_text(SMS, "utf-8")
    first, second = chat_messages(path)
    assert first.person == "Anna de Vries +31612345601"
    assert "Bent u er?" in first.text
    assert "wij: Ja." in first.text
    assert (second.person, second.attachments[0].content) == ("+31612345602", b"\xff\xd8beeld")


ODD = """<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup &amp; Restore v10.21.001 on 12/11/2026 10:00:00-->
<?xml-stylesheet type="text/xsl" href="sms.xsl"?>
<smses count="2" type="full">
  <sms address="+31612345601" date="1794470400000" type="1" subject="null" body="Klaar? &#128077;&#10;Groet" contact_name="null" />
  <mms date="1794470500000" msg_box="1" address="+31612345601~+31612345602" contact_name="Anna, Bram"><parts>
    <part ct="application/smil" cl="smil.xml" text='&lt;smil&gt;' /><part ct="image/jpeg" cl="null" text="null" data="/9hiZWVsZA==" />
    <part ct="audio/amr" cl="stem.amr" data="A" /><part ct="text/plain" text="null" /></parts></mms>
</smses>"""


def test_odd_ones(tmp_path):
    path = tmp_path / "sms.xml"
    path.write_text(ODD, "utf-8")
    first, second = chat_messages(path)
    assert (first.person, first.text) == ("+31612345601", "09:00 +31612345601: Klaar? \U0001f44d\nGroet")
    assert second.person == "Anna, Bram +31612345601, +31612345602"
    assert [(one.name, one.kind) for one in second.attachments] == [("file", "image/jpeg")]
    assert "[stem.amr]" in second.text  # what cannot be decoded is named
    assert "null" not in second.text
