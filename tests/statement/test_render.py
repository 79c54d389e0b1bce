from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.statement.fill import escaped, names, spoken_date, spoken_list
from gestand.statement.load import load_statement
from gestand.statement.markup import parser, sentences
from gestand.statement.model import StatementText
from gestand.statement.render import plain_source, render_html, render_text, words_of
from gestand.statement.spans import find_spans
from statement.firm import files

ORIGINAL = "KOP\n\nWij bewaren [haakjes] niets.\r\n• punt één;\n• punt twee\n \n\nSlot & <b>einde</b> {geen} \\[x"
MARKED = ORIGINAL.replace("Wij bewaren [haakjes] niets.", '[Wij bewaren [haakjes] niets.]{#C1 kept-by="a"}').replace(
    "• punt één;\n• punt twee\n \n\nSlot", "[• punt één;\n• punt twee\n \n\nSlot]{#C2}"
)


def plain(source: str) -> StatementText:
    found = {**files(), "version.toml": b'layout = "plain"\n', "statement.nl.md": source.encode()}
    return load_statement(found, "old").text("nl")


def markdown(source: str) -> StatementText:
    return load_statement({**files(), "statement.nl.md": source.encode()}, "new").text("nl")


def test_plain_layout_gives_back_the_original_byte_for_byte():
    text = plain(MARKED)
    assert plain_source(text).encode() == ORIGINAL.encode()
    assert render_text(text).encode() == ORIGINAL.encode()
    assert [c.id for c in text.clauses] == ["C1", "C2"]
    assert text.clauses[1].text == "• punt één; • punt twee Slot"


def test_plain_layout_shows_paragraphs_and_line_breaks_and_splits_a_clause_over_paragraphs():
    shown = render_html(plain(MARKED))
    assert shown.startswith('<article class="statement" lang="nl">\n<p>KOP</p>\n')
    assert '<span class="clause" id="C1">Wij bewaren [haakjes] niets.</span><br />\n' in shown
    assert (
        '<span class="clause" id="C2">• punt één;<br />\n• punt twee</span></p>\n<p><span class="clause">Slot</span>'
        in shown
    )
    assert "&lt;b&gt;einde&lt;/b&gt; {geen} \\[x</p>" in shown


def test_plain_layout_fills_in_nothing():
    assert plain_source(plain("{{ controller.name }}")) == "{{ controller.name }}"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="[]{}"), max_size=80), st.data())
def test_marks_in_any_plain_text_can_be_taken_out_again(body, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=6)))
    marked, at, number = "", 0, 0
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        number += 1
        marked += body[at:start] + "[" + body[start:end] + f']{{#C{number} kept-by="a b"}}'
        at = end
    source = marked + body[at:]
    spans, problems = find_spans(source, layout="plain", file="x")
    assert problems == ()
    assert len(spans) == number
    assert plain_source(StatementText("nl", "x", source, (), "plain")).encode() == body.encode()


def test_clauses_are_anchors_and_their_controls_stay_inside():
    shown = render_html(markdown('# Kop\n\n[Wij **bewaren** niets.]{#C1 kept-by="a"} Zie [ons](https://example.nl).'))
    assert '<h1>Kop</h1>\n<p><span class="clause" id="C1">Wij <strong>bewaren</strong> niets.</span> Zie' in shown
    assert 'href="https://example.nl"' in shown
    assert "kept-by" not in shown


def test_nothing_of_the_source_becomes_html_by_itself():
    shown = render_html(
        markdown(
            "<script>alert(1)</script>\n\n<b onclick=x>a</b> ![pixel](https://example.org/p.gif) [k](javascript:alert(1)) "
            '[z]{#C1 kept-by="a"}\n\n<!-- x -->'
        )
    )
    assert not re.search(r"<(script|b|img|!--|iframe)", shown)
    assert "javascript:" not in re.sub(r">[^<]*<", "><", shown)
    assert "&lt;script&gt;" in shown


def test_plain_text_has_headings_bullets_numbers_tables_and_links():
    source = (
        "# Een\n\n## Twee\n\nalinea\nverder\n\n- a\n- b\n  - c\n\n1. x\n2. y\n\n| k | l |\n|---|---|\n| m | n |\n\n"
        "[naar](https://example.nl) <https://example.org>\n\n---\n\n```\ncode\n```\n"
    )
    assert render_text(markdown(source)) == (
        "Een\n===\n\nTwee\n----\n\nalinea\nverder\n\n• a\n• b\n  • c\n\n1. x\n2. y\n\nk | l\nm | n\n\n"
        "naar <https://example.nl> https://example.org\n\n--------------------\n\ncode\n"
    )


def test_words_are_what_a_reader_sees():
    assert (
        words_of(markdown("# Een\n\n[**twee** \\[drie\\]]{#C1} `vier`\n\n| vijf |\n|---|\n| zes |\n"))
        == "Een twee [drie] vier vijf zes"
    )


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30))
def test_a_value_is_shown_as_exactly_its_characters_wherever_it_stands(value):
    folded = " ".join(value.split())
    for before, after in (
        ("", ""),
        ("zin ", " zin"),
        ("[", ']{#C1 kept-by="a"}'),
        ("| a |\n|---|\n| ", " |"),
        ("[x]", ""),
        ("# ", ""),
    ):
        shown = parser().render(before + escaped(value) + after)
        words = html.unescape(re.sub(r"<[^>]*>", "", shown.replace("\n", " ")))
        expected = html.unescape(re.sub(r"<[^>]*>", "", parser().render(before + "Q" + after).replace("\n", " ")))
        assert " ".join(words.split()) == " ".join(expected.replace("Q", folded).split())


def test_a_value_with_brackets_does_not_end_its_clause():
    source = f"[{escaped('a]{#X} [b')}]{{#C1}}"
    assert sentences(source) == {"C1": "a]{#X} [b"}
    spans, problems = find_spans(source, layout="markdown", file="x")
    assert ([span.id for span in spans], problems) == (["C1"], ())


def test_lists_and_dates_are_spoken_in_the_language():
    assert spoken_list(["a", "b", "c"], "nl") == "a, b en c"
    assert spoken_list(["a", "b"], "en") == "a and b"
    assert (spoken_list(["a"], "nl"), spoken_list([], "nl"), spoken_list([], "en")) == ("a", "geen", "none")
    assert spoken_date("2018-05-25", "nl") == "25 mei 2018"
    assert spoken_date("2018-05-25", "en") == "25 May 2018"
    assert spoken_date("2018-13-25", "en") == "2018-13-25"


def test_the_names_of_the_policy_in_both_languages():
    policy = load_statement(files(), "x").policy
    dutch, english = names(policy, "nl"), names(policy, "en")
    assert set(dutch) == set(english)
    assert dutch["purpose.tuning.needs"] == "naam en e-mailadres"
    assert english["purpose.tuning.needs"] == "name and e-mail address"
    assert english["purpose.offers.basis"] == "a legitimate interest"
    assert dutch["purpose.offers.interest"] == "klanten behouden"
    assert dutch["purpose.tuning.period"] == dutch["shelf.customers.period"] == "2 jaar"
    assert (dutch["contact.email"], dutch["contact.post"]) == (
        "bram_jansen@example.nl",
        "Dorpsstraat 1, 1234 AB Voorbeeld",
    )
    assert english["recipient.host.why"] == "keeps our calendar"
