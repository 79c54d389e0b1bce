"""The live text is compared word for word, whatever mark-up it stands in."""

import pytest

from gestand.doors.demonstration.place import example_folder
from gestand.kernel.egress import Egress, Peer
from gestand.kernel.errors import RefusedError, UsageError
from gestand.publication.folder import read_statement
from gestand.publication.live import compare_live, fetch_page
from gestand.statement.render import render_html


@pytest.fixture(scope="module")
def text():
    return read_statement(example_folder()).texts[0]


def test_the_same_words_in_other_mark_up_are_the_same(text):
    html = render_html(text).replace("<p>", "<div>").replace("</p>", "</div>").replace("\n", "")
    assert compare_live(f"<body><nav>Menu</nav>{html}<footer>x</footer>".encode(), text).same


def test_a_changed_word_a_lacking_clause_and_a_hidden_text_are_noticed(text):
    html = render_html(text)
    changed = compare_live(html.replace("GEEN", "weinig", 1).encode(), text)
    assert not changed.same
    assert "C3" in changed.lacking
    assert not compare_live(b"<body></body>", text).same
    assert not compare_live(f"<body><script>{html}</script>".encode(), text).same


def test_a_fetch_asks_the_gate_first_and_refuses_what_is_no_address():
    with pytest.raises(RefusedError):
        fetch_page("https://example.nl/", Egress())
    with pytest.raises(UsageError) as wrong:
        fetch_page("ftp://example.nl/", Egress())
    assert wrong.value.code == "site-address"
    with pytest.raises(UsageError) as silent:
        fetch_page("http://127.0.0.1:9/", Egress([Peer("127.0.0.1", 9, near=True)]))
    assert silent.value.code == "site-unreachable"
