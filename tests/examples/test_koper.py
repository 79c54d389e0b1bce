"""The first organisation: its statement of 2018 as it was published, and the version in force that mends it."""

import hashlib
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from gestand.evidence.breaks import BREAKS
from gestand.evidence.registry import controls
from gestand.evidence.rules import clauses_that_turn_red
from gestand.kernel.errors import Problem
from gestand.statement.compare import compare
from gestand.statement.load import load_statement
from gestand.statement.model import Statement
from gestand.statement.policy import LawfulBasis
from gestand.statement.render import plain_source, words_of
from gestand.statement.rules import check, examine
from gestand.statement.spans import find_spans

ROOT = Path(__file__).parents[2]
KOPER = ROOT / "examples" / "koper"
OLD = KOPER / "versions" / "2018-05-25"
VECTORS = ROOT / "tests" / "law" / "vectors"

PUBLISHED = "17a417447d479659e6982990783c6a81280e7ebf0fb732ec7b4b53b7cc83624b"
"""SHA-256 of the text that was published on 25 May 2018."""

IDS = tuple(f"C{number}" for number in range(1, 63))

BETWEEN_CLAUSES = (
    "COOKIEBELEID",
    "PRIVACYVERKLARING",
    "In het kort komt deze privacyverklaring erop neer dat uw persoonsgegevens:",
    "Persoonsgegevens",
    "Meerdere doelen",
    "Koper Computer Support als Verwerkingsverantwoordelijke",
    "Voor de uitvoering van de overeenkomst:",
    "Om te voldoen aan een wettelijke verplichting:",
    "Omdat wij een gerechtvaardigd belang hiervoor hebben:",
    "Benodigde Persoonsgegevens",
    "Gebruik van diensten",
    "en",  # joins C29 and C30
    "Communicatie",
    "Derden",
    "Bewaartermijn",
    "Beveiligingsmaatregelen",
    "Rechten van Klant(en)",
    "Datalekkenprotocol",
    "Er hoeft geen melding te worden gedaan als:",
    "Contact",
    "Koper Computer Support Fazantstraat 25 5854 GH Bergen",
    "Overig",
)
"""All that stands outside the clauses of 2018: headings, lines that lead into a list, one joining word, the address."""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@cache
def statement(folder: Path) -> Statement:
    return load_statement(files(folder), folder.relative_to(ROOT).as_posix())


@cache
def quotes() -> dict[str, str]:
    clauses = json.loads((VECTORS / "clauses.json").read_text(encoding="utf-8"))["clauses"]
    return {clause["id"]: clause["nl"] for clause in clauses}


@cache
def notes() -> dict[str, tuple[str, str]]:
    """Return for each clause of docs/statement-notes.md its verdict and what it says of the words."""
    table = (ROOT / "docs" / "statement-notes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (C\d+) \| (\w+) \| (\w+) \|.+\|.+\|.+\|$", table, re.MULTILINE)
    assert len(rows) == len({row[0] for row in rows})
    return {clause: (verdict, words) for clause, verdict, words in rows}


def broken(name: str, before: str, after: str, folder: Path = KOPER) -> tuple[Problem, ...]:
    changed = files(folder)
    content = changed[name].decode()
    assert before in content
    changed[name] = content.replace(before, after, 1).encode()
    return examine(changed, "", None)[1]


# ---- 25 May 2018


def test_the_text_of_2018_is_the_published_one_byte_for_byte():
    original = (OLD / "original.txt").read_bytes()
    assert hashlib.sha256(original).hexdigest() == PUBLISHED
    assert plain_source(statement(OLD).text("nl")).encode() == original


def test_a_changed_word_is_noticed():
    changed = files(OLD)
    changed["statement.nl.md"] = changed["statement.nl.md"].replace(b"GEEN cookies", b"geen cookies")
    text = load_statement(changed, "").text("nl")
    assert hashlib.sha256(plain_source(text).encode()).hexdigest() != PUBLISHED


def test_each_clause_of_2018_says_what_the_vectors_quote():
    clauses = {clause.id: clause.text for clause in statement(OLD).text("nl").clauses}
    assert tuple(clauses) == IDS
    assert clauses == {clause: " ".join(quote.split()) for clause, quote in quotes().items()}


def test_the_clauses_of_2018_cover_the_text_without_gaps():
    source = (OLD / "statement.nl.md").read_bytes().decode()
    spans, problems = find_spans(source, layout="plain", file="statement.nl.md")
    assert problems == ()
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    gaps = [source[end:start] for end, start in zip([0, *ends], [*starts, len(source)], strict=True)]
    left = [" ".join(re.split(r"[\s•]+", gap)).strip() for gap in gaps]
    assert tuple(filter(None, left)) == BETWEEN_CLAUSES


def test_both_languages_of_2018_have_the_same_lines():
    dutch, english = (plain_source(statement(OLD).text(language)) for language in ("nl", "en"))
    shape = [bool(line.strip()) for line in dutch.split("\n")]
    assert shape == [bool(line.strip()) for line in english.split("\n")]


def test_the_compiler_sees_in_2018_the_interests_that_were_never_weighed_and_nothing_else():
    errors = [p for p in check(statement(OLD), None) if p.severity == "error"]
    weighed = [p for p in statement(OLD).policy.purposes.values() if p.basis is LawfulBasis.LEGITIMATE_INTERESTS]
    assert {p.code for p in errors} == {"interest-without-balancing"}
    assert len(errors) == len(weighed) == 7


def test_2018_is_told_as_it_was_not_as_it_should_have_been():
    policy = statement(OLD).policy
    assert str(policy.shelves["mail"].period) == "7 years"
    assert policy.purposes["offers-phone"].basis is LawfulBasis.LEGITIMATE_INTERESTS
    assert policy.purposes["disputes"].basis is LawfulBasis.LEGAL_OBLIGATION
    assert not any(path.startswith("technical.") for path in policy.field_paths())
    assert list(policy.recipients) == ["authorities"]


# ---- The version in force


def test_the_version_in_force_compiles_clean():
    assert [p for p in check(statement(KOPER), None) if p.code != "clause-awaits"] == []


@pytest.mark.parametrize("clause", IDS)
def test_every_clause_of_2018_is_carried_on_or_its_end_is_explained(clause):
    text, policy = statement(KOPER).text("nl"), statement(KOPER).policy
    carried, note = text.clause(clause), policy.clauses.get(clause)
    if carried is None:
        assert note is not None
        assert note.status == "withdrawn"
    elif note is None or note.status == "mended":
        assert carried.kept_by or carried.awaits
    else:
        assert note.status == "informative"


WORK = tuple(f"C{number}" for number in (*range(20, 40), *range(45, 57)))
"""What the statement of 2018 promises of purposes, retention, third parties, newsletters, security and data breaches."""
INFORMS = ("C28",)
"""Says only that data may be asked for: nothing that could be broken, and the policy says so with its reason."""


@pytest.mark.parametrize("clause", WORK)
def test_each_clause_of_the_daily_work_has_its_control_and_its_seeded_violation(clause):
    old, now = statement(OLD).text("nl").clause(clause), statement(KOPER)
    carried = now.text("nl").clause(clause)
    assert old is not None
    assert old.text == " ".join(quotes()[clause].split())
    assert carried is not None
    if clause in INFORMS:
        note = now.policy.clauses[clause]
        assert note.status == "informative"
        assert (note.reason.nl, carried.kept_by) != ("", ())
        return
    assert carried.kept_by
    assert not carried.awaits
    for control in carried.kept_by:
        assert control in controls(), f"{control} is in no registry"
        assert BREAKS[control].control == control
        assert BREAKS[control].how.strip()
        assert clause in clauses_that_turn_red(control, now, controls())


def test_a_clause_whose_control_has_no_violation_would_be_noticed():
    named = {control for clause in WORK for control in statement(KOPER).text("nl").clause(clause).kept_by}
    assert len(named) >= 25
    assert named - (set(BREAKS) - {"orders-checked"}) == {"orders-checked"}


def test_the_clauses_follow_on_and_both_languages_carry_the_same():
    dutch, english = ([c.id for c in statement(KOPER).text(language).clauses] for language in ("nl", "en"))
    assert dutch == english
    assert sorted(int(clause[1:]) for clause in dutch) == [n for n in range(1, 138) if n != 61]


def test_the_notes_on_2018_agree_with_policy_and_text():
    policy, text = statement(KOPER).policy, statement(KOPER).text("nl")
    assert tuple(notes()) == IDS
    for clause, (verdict, words) in notes().items():
        note, carried = policy.clauses.get(clause), text.clause(clause)
        assert verdict == (note.status if note else "sound"), clause
        if words == "gone":
            assert carried is None, clause
        else:
            assert carried is not None, clause
            same = carried.text == " ".join(quotes()[clause].split())
            assert words == ("same" if same else "new"), clause


def test_what_is_called_sound_stands_word_for_word_and_is_kept():
    text = statement(KOPER).text("nl")
    sound = [clause for clause, (verdict, _) in notes().items() if verdict == "sound"]
    assert len(sound) == 27
    for clause in sound:
        carried = text.clause(clause)
        assert carried is not None
        assert carried.text == " ".join(quotes()[clause].split()), clause
        assert carried.kept_by or carried.awaits, clause


def test_a_mended_clause_gives_its_reason_in_both_languages():
    for clause, note in statement(KOPER).policy.clauses.items():
        assert len(note.reason.nl) > 10, clause
        assert note.reason.nl != note.reason.en, clause


def test_every_field_that_a_purpose_or_recipient_needs_exists_and_every_field_is_needed():
    for folder in (KOPER, OLD):
        policy = statement(folder).policy
        needed = {path for purpose in policy.purposes.values() for path in purpose.needs} - {"*"}
        given = {path for recipient in policy.recipients.values() for path in recipient.needs}
        assert needed == set(policy.field_paths())
        assert given <= needed


def test_a_recipient_gets_only_what_a_purpose_that_names_it_needs():
    policy = statement(KOPER).policy
    for name, recipient in policy.recipients.items():
        served = [purpose for purpose in policy.purposes.values() if name in purpose.recipients]
        assert served, name
        for path in recipient.needs:
            assert any(purpose.allows(path) for purpose in served), (name, path)


def test_offers_and_newsletter_rest_on_consent_alone():
    marketing = [purpose for purpose in statement(KOPER).policy.purposes.values() if purpose.marketing]
    assert len(marketing) == 3
    assert {purpose.basis for purpose in marketing} == {LawfulBasis.CONSENT}


def test_purposes_that_continue_keep_their_name():
    old, new = statement(OLD).policy, statement(KOPER).policy
    assert set(old.purposes) - set(new.purposes) == {"audits"}
    assert set(old.field_paths()) <= set(new.field_paths())


def test_the_difference_between_the_versions_is_told_in_what_it_means():
    changes = {(c.what, c.kind, c.before, c.after) for c in compare(statement(OLD), statement(KOPER))}
    assert ("shelf mail: period", "narrowing", "7 years", "2 years") in changes
    assert ("shelf customer: period", "narrowing", "7 years", "2 years") in changes
    assert ("recipient added", "enlarging", "", "bookkeeper") in changes
    assert ("purpose removed", "narrowing", "audits", "") in changes
    assert not any(what.endswith("period") and kind == "enlarging" for what, kind, _, _ in changes)


@pytest.mark.parametrize("shelf", ["administration", "agreement", "mail-administration"])
def test_what_the_tax_law_wants_is_counted_from_the_end_of_the_year(shelf):
    kept = statement(KOPER).policy.shelves[shelf]
    assert (str(kept.period), kept.counts_from) == ("7 years", "year_end")
    assert "AWR 52" in kept.ground


def test_the_owner_may_act_for_every_purpose_and_every_purpose_has_a_service():
    policy = statement(KOPER).policy
    assert set(policy.roles["owner"].purposes) == set(policy.purposes)
    assert {purpose for service in policy.services.values() for purpose in service.purposes} == set(policy.purposes)


def test_nothing_is_invented_about_the_firm():
    policy = statement(KOPER).policy
    assert policy.controller.coc == ""
    assert policy.services["telephone"].address == ""
    original = (OLD / "original.txt").read_text(encoding="utf-8")
    assert policy.controller.name in original
    email, post = policy.controller.contacts
    assert email.value in original
    assert set(re.findall(r"\w+", post.value)) <= set(re.findall(r"\w+", original))


# ---- Articles 12 to 14, by the cues of the checklist


@cache
def checklist() -> dict[str, list[dict[str, object]]]:
    return json.loads((VECTORS / "art13_checklist.json").read_text(encoding="utf-8"))


def folded(language: str) -> str:
    return words_of(statement(KOPER).text(language)).translate(str.maketrans("‘’", "''"))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_that_articles_12_to_14_ask_is_said(language):
    words = folded(language)
    lacking = set()
    for item in checklist()["items"]:
        groups = item[f"cues_{language}"]
        if item["min_distinct"]:
            distinct = {
                m.casefold() for group in groups for cue in group for m in re.findall(cue, words, re.IGNORECASE)
            }
            found = len(distinct) >= item["min_distinct"]
        else:
            found = all(any(re.search(cue, words, re.IGNORECASE) for cue in group) for group in groups)
        if not found:
            lacking.add(item["id"])
    assert lacking == {"L03"}  # the KvK number, which the published text does not give


def test_none_of_the_turns_of_phrase_that_were_mended_is_left():
    words = folded("nl")
    left = [a["id"] for a in checklist()["antipatterns"] if re.search(str(a["pattern"]), words, re.IGNORECASE)]
    assert left == []


# ---- Measures that people attest


def test_the_register_of_measures_lists_what_the_text_says_a_person_keeps():
    register = tomllib.loads((KOPER / "measures.toml").read_text(encoding="utf-8"))["measure"]
    named: dict[str, list[str]] = {}
    for clause in statement(KOPER).text("nl").clauses:
        for control in (*clause.kept_by, *clause.awaits):
            if control.startswith("measure-"):
                named.setdefault(control, []).append(clause.id)
    assert {measure["id"]: sorted(measure["clauses"]) for measure in register} == {
        measure: sorted(clauses) for measure, clauses in named.items()
    }
    for measure in register:
        assert set(measure) == {"id", "title", "clauses", "owner", "how_to_attest", "valid_for"}
        assert measure["owner"] in statement(KOPER).policy.roles
        assert measure["title"].keys() == measure["how_to_attest"].keys() == {"nl", "en"}


# ---- The compiler notices what a careless hand does to the example


def test_a_promise_without_control_is_refused():
    found = broken("statement.nl.md", '{#C5 kept-by="fields-have-purpose collected-under-statement"}', "{#C5}")
    assert [p.code for p in found if p.severity == "error"] == ["promise-unkept"]


def test_a_sentence_left_out_of_the_translation_is_refused():
    found = broken("statement.en.md", "[That is why we collect NO cookies.]{#C3}", "")
    assert [p.code for p in found if p.severity == "error"] == ["translation-lacks-clause"]


def test_a_purpose_that_the_text_no_longer_names_is_refused():
    changed = files(KOPER)
    for name in ("statement.nl.md", "statement.en.md"):
        changed[name] = changed[name].replace(b"{{ purpose.warranty.title }}", b"-")
    errors = [p for p in examine(changed, "", None)[1] if p.severity == "error"]
    assert {p.code for p in errors} == {"purpose-unnamed"}
    assert len(errors) == 2  # one a language


def test_a_longer_period_shows_in_the_words():
    changed = files(KOPER)
    policy = changed["policy.toml"].decode()
    start = policy.index("[shelves.mail]")
    changed["policy.toml"] = (policy[:start] + policy[start:].replace('"2 years"', '"3 years"', 1)).encode()
    now, then = load_statement(changed, ""), statement(KOPER)
    assert [
        clause.id
        for clause, before in zip(now.text("nl").clauses, then.text("nl").clauses, strict=True)
        if clause.text != before.text
    ] == ["C32", "C99"]
