from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.kernel.errors import InputError
from gestand.statement.load import digest_of, load_statement, read_draft
from gestand.statement.rules import examine
from statement.firm import CONTROLS, NL, POLICY, files


def complaints(found: dict[str, bytes]) -> list[tuple[str, int, str]]:
    with pytest.raises(InputError) as caught:
        load_statement(found, "jansen")
    assert all(p.message and p.remedy for p in caught.value.problems)
    return [(p.file.removeprefix("jansen/"), p.line, p.code) for p in caught.value.problems]


def line(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_sound_folder_is_read_whole():
    statement = load_statement(files(), "jansen")
    assert statement.version == "2026-03-01"
    assert [t.language for t in statement.texts] == ["nl", "en"]
    assert [c.id for c in statement.text("nl").clauses] == ["C5", "C1", "C2", "C3", "C4"]
    clause = statement.text("nl").clause("C3")
    assert clause is not None
    assert clause.text == "Wij bewaren ze 2 jaar na het laatste contact, en verzoeken 1 jaar."
    assert (clause.kept_by, clause.line) == (("erased-in-time",), 7)
    assert "van 1 maart 2026" in statement.text("nl").source
    assert "of 1 March 2026" in statement.text("en").source
    assert r"bram\_jansen@example.nl" in statement.text("nl").source


def test_a_translation_takes_its_controls_from_the_first_language():
    english = load_statement(files(), "jansen").text("en").clause("C2")
    assert english is not None
    assert english.kept_by == ("purpose-bound", "reads-logged")


def test_the_digest_is_of_the_files_and_changes_with_each_of_them():
    whole = digest_of(files())
    assert whole == load_statement(files(), "elsewhere").digest
    assert digest_of(files(en=("no", "No"))) != whole
    assert digest_of(files(policy=("2 years", "3 years"))) != whole
    assert digest_of({**files(), "notes.txt": b"left on the desk"}) == whole


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('basis = "contract"\n', "", "purpose-without-basis"),
        ('basis = "contract"', 'basis = "contrakt"', "value-unknown"),
        ('ground = "AVG 6(1)(b)"\n', "", "purpose-without-ground"),
        ('ground = "AVG 5(1)(e)"', 'ground = ""', "shelf-without-ground"),
        ('"2 years"', '"2 yeers"', "unit-unknown"),
        ('"2 years"', '"two years"', "period-unreadable"),
        ('trigger = "last-contact"', 'trigger = "lastcontact"', "value-unknown"),
        ("identifies = true", "identifys = true", "key-unknown"),
        ('version = "2026-03-01"', "version = 2026-03-01", "value-kind"),
        ('version = "2026-03-01"', 'version = "march"', "value-form"),
        ("[purposes.tuning]", "[purposes.Tuning]\n[purposes.tuning]", "name-form"),
        ('purpose = "rights"', 'marker_required = true\npurpose = "rights"', "marker-required"),
        ("authority_within_hours = 72", "authority_within_hours = 96", "value-kind"),
        ('recipients = ["host"]', 'recipients = "host"', "value-kind"),
        ('country = "NL"', 'country = "Nederland"', "value-form"),
        ("[breach]", "[breach", "not-toml"),
        ('languages = ["nl", "en"]', 'languages = ["nl", "fy"]', "value-unknown"),
    ],
)
def test_each_fault_of_the_policy_is_named_on_its_line(old: str, new: str, code: str):
    found = complaints(files(policy=(old, new)))
    assert code in [c for _, _, c in found]
    wanted = line(POLICY, old)
    at = [place for _, place, c in found if c == code]
    assert any(abs(place - wanted) <= 4 for place in at), (wanted, at)


@pytest.mark.parametrize(
    ("old", "new", "code", "moved"),
    [
        ("[Wij plaatsen", "Wij plaatsen", "span-unopened", 0),
        ("cookies.]{#C1", "cookies.{#C1", "span-unclosed", 0),
        ("{#C1", "{#C2", "clause-twice", 1),
        ('kept-by="no', 'keptby="no', "span-attribute", 0),
        ('{#C1 kept-by="no-cookies"}', '{kept-by="no-cookies"}', "clause-id", 0),
        ('{#C1 kept-by="no-cookies"}', "{#C1 kept-by}", "span-marks", 0),
        ('{#C1 kept-by="no-cookies"}', '{#C1 kept-by="no-cookies"', "span-unclosed", 0),
        ("[Wij plaatsen **geen** cookies.]", "[]", "clause-empty", 0),
        ("Wij plaatsen **geen** cookies.", "Wij [geen]{#C9} cookies.", "span-nested", 0),
        ("Wij plaatsen **geen** cookies.", "Wij plaatsen\n\ncookies.", "span-broken", 0),
        ("{{ controller.name }}", "{{ controler.name }}", "name-unknown", 0),
        ("{{ controller.name }}", "{{ controller.coc }}", "name-empty", 0),
        ("{{ controller.name }}", "{{ controller.name", "name-unclosed", 0),
    ],
)
def test_each_fault_of_the_text_is_named_on_its_line(old: str, new: str, code: str, moved: int):
    assert ("statement.nl.md", line(NL, old) + moved, code) in complaints(files(nl=(old, new)))


def test_an_unknown_name_is_answered_with_those_that_exist():
    draft = read_draft(files(nl=("shelf.customers.period", "shelf.customers.perod")), ".")
    (problem,) = draft.problems
    assert problem.file == "statement.nl.md"
    assert "Did you mean 'shelf.customers.period'?" in problem.remedy
    assert "shelf.customers.ground" in problem.remedy


def test_a_typo_is_answered_with_the_key_that_was_meant():
    (problem,) = read_draft(files(policy=("special_ground", "special_gruond")), "jansen").problems
    assert "'purposes.pitch.special_gruond' is no key" in problem.message
    assert problem.remedy.startswith("Did you mean 'special_ground'?")


def test_bytes_that_are_no_utf8_are_named_with_line_and_byte_and_the_rest_is_still_judged():
    found = files(nl=("{#C1", "{#C1 keptby=x"))
    found["statement.nl.md"] = found["statement.nl.md"].replace(b"bewaren", b"b\xebwaren")
    assert complaints(found) == [("statement.nl.md", 5, "span-attribute"), ("statement.nl.md", 7, "not-utf8")]


def test_faults_of_all_files_come_at_once():
    found = files(policy=('basis = "contract"', 'bases = "contract"'), nl=("{#C1", "{#C2"), en=("[We set", "We set"))
    found["version.toml"] = b'layout = "wide"\ncolour = "red"\n'
    assert [(file, code) for file, _, code in complaints(found)] == [
        ("policy.toml", "purpose-without-basis"),
        ("policy.toml", "key-unknown"),
        ("statement.en.md", "span-unopened"),
        ("statement.nl.md", "clause-twice"),
        ("version.toml", "value-unknown"),
        ("version.toml", "key-unknown"),
    ]


def test_files_that_are_missing_or_too_many_are_named():
    assert complaints({}) == [("policy.toml", 0, "no-policy")]
    one = files()
    del one["statement.en.md"]
    assert complaints(one) == [("policy.toml", 3, "text-missing")]
    assert complaints({**files(), "statement.de.md": b""}) == [("statement.de.md", 0, "language-undeclared")]


def test_a_byte_order_mark_is_named():
    found = files()
    found["policy.toml"] = b"\xef\xbb\xbf" + found["policy.toml"]
    assert complaints(found) == [("policy.toml", 1, "byte-order-mark")]


@pytest.mark.parametrize(
    "content", [b"a = " + b"[" * 100_000, b"a = " + b"9" * 10_000, b"\x00", b"a = 1\na = 2", b"[purposes]\n[purposes]"]
)
def test_a_policy_that_no_parser_can_read_is_named_and_never_a_traceback(content: bytes):
    found = complaints({**files(), "policy.toml": content})
    assert [(file, code) for file, _, code in found] == [("policy.toml", "not-toml")]


MORSELS = [
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    '"',
    "'",
    '"""',
    "=",
    ".",
    "\n",
    "#",
    "[purposes]\n",
    "\\",
    ",",
    "{#C1}",
    "| a |\n|---|\n",
    "\x00",
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(files())),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(["", *MORSELS])), min_size=1, max_size=3),
)
def test_whatever_is_broken_is_answered_with_problems_and_nothing_else(name: str, edits):
    found = files()
    text = found[name].decode()
    for where, cut, morsel in edits:
        at = int(where * len(text))
        text = text[:at] + morsel + text[at + cut :]
    found[name] = text.encode()
    statement, problems = examine(found, "jansen", CONTROLS)
    assert statement is not None or problems
    assert all(p.message and p.remedy and p.line >= 0 for p in problems)


def test_a_policy_that_stays_is_read_once_while_the_text_beside_it_changes():
    first = load_statement(files(), "jansen")
    other = load_statement({**files(), "statement.nl.md": files()["statement.nl.md"] + b"\nNog iets.\n"}, "elsewhere")
    assert other.policy is first.policy
    assert other.digest != first.digest


def test_what_was_sound_before_hides_no_fault_after():
    load_statement(files(), "jansen")
    broken = {**files(), "policy.toml": files()["policy.toml"].replace(b"[controller]", b"[controler]", 1)}
    assert complaints(broken) == complaints(dict(broken))
    assert any(code == "key-unknown" for _, _, code in complaints(broken))
