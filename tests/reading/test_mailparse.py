"""Whether words stand in a message: the short way, without reading it, says what the long way says."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gestand.reading import mailparse
from gestand.reading.mailparse import holds

NEEDLE = "zomerkanarie"
PLAIN = f"Beste Anna,\r\n\r\nhet woord is {NEEDLE}.\r\n"
ELSE = "Beste Anna,\r\n\r\nhet woord is een ander.\r\n"
HEADS = {
    "plain": (b"Content-Type: text/plain; charset=utf-8\r\n", str.encode),
    "no type": (b"", str.encode),
    "base64": (b"Content-Transfer-Encoding: base64\r\n", lambda text: base64.encodebytes(text.encode())),
    "quoted": (
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        lambda text: quopri.encodestring(text.replace("kanarie", "kan\u200barie").encode()).replace(
            b"=E2=80=8B", b"=\n"
        ),
    ),
    "utf-16": (b"Content-Type: text/plain; charset=utf-16\r\n", lambda text: text.encode("utf-16")),
    "utf-7": (
        b"Content-Type: text/plain; charset=utf-7\r\n",
        lambda text: text.replace("zomer", "+AHoAbwBt-er").encode(),
    ),
    "html": (b"Content-Type: text/html\r\n", lambda text: text.replace("zomer", "zo<b>m</b>er").encode()),
    "entities": (b"Content-Type: text/html\r\n", lambda text: text.replace("zomer", "zo&#109;er").encode()),
    "kelvin": (
        b"Content-Type: text/plain; charset=utf-8\r\n",
        lambda text: text.replace("kanarie", "\u212aanarie").encode(),
    ),
}


@pytest.mark.parametrize("head", sorted(HEADS))
@pytest.mark.parametrize("text", [PLAIN, ELSE])
def test_a_word_is_found_however_it_is_written(head, text):
    fields, coded = HEADS[head]
    assert holds(b"Subject: x\r\n" + fields + b"\r\n" + coded(text), NEEDLE) is (text == PLAIN)


@pytest.mark.parametrize(
    "subject", [b"=?utf-8?q?zom=65rkanarie?=", b"=?utf-8?b?em9tZXJrYW5hcmll?=", b"de ZOMERKANARIE"]
)
def test_a_word_in_the_head_is_found(subject):
    assert holds(b"Subject: " + subject + b"\r\n\r\nx", NEEDLE)


def test_several_words_that_a_folded_head_parts_are_found():
    assert holds(b"Subject: de gele\r\n zomerkanarie\r\n\r\nx", "gele zomerkanarie")


@given(st.text(alphabet='abkmnoz=?%<>&;\r\n -:./"', max_size=200), st.sampled_from(["zomer", "kan", "a", "n o"]))
def test_the_short_way_never_misses_what_the_long_way_finds(text, needle):
    raw = b"Subject: x\r\n" + text.encode()
    short = holds(raw, needle)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailparse, "_says_otherwise", lambda *_: True)
        assert short or not holds(raw, needle)


PIECES = (
    b"Content-Type: text/plain; charset", b"Content-Type: text/html; charset=", b"=", b'"', b"utf-8", b"UTF-7", b"us-ascii", b"iso-8859-1",
    b"iso-2022-jp", b"cp037", b";", b"\r\n", b"\r\n\r\n", b"+AHo-omer", b"zo", b"mer", b"<b>", b"&#122;", b"\x1b$B", b" ", b"name*0=zo; name*1=mer",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@example([b"Content-Type: text/plain; charset", b"=", b'"', b"UTF-7", b'"', b"\r\n\r\n", b"+AHo-omer"])
@example([b"Content-Type: text/plain; charset", b"=", b"us-ascii", b";", b" charset=utf-7", b"\r\n\r\n", b"+AHo-omer"])
def test_nor_where_a_charset_is_named_in_any_way(pieces):
    raw = b"Subject: x\r\n" + b"".join(pieces)
    short = holds(raw, "zomer")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mailparse, "_says_otherwise", lambda *_: True)
        assert short or not holds(raw, "zomer")
