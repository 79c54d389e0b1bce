import json
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gestand.kernel.errors import UsageError
from gestand.law.transparency import CHECKLIST, lint
from gestand.law.transparency.antipatterns import ANTIPATTERNS
from gestand.law.transparency.draft import draft
from gestand.law.transparency.linting import CHARACTERS_LIMIT
from gestand.reading.documents import read_statement

HERE = Path(__file__).parent
STATEMENTS = HERE / "statements"
GOLD = json.loads((HERE / "vectors" / "art13_checklist.json").read_text(encoding="utf-8"))
CLAUSES = json.loads((HERE / "vectors" / "clauses.json").read_text(encoding="utf-8"))
PHRASES = json.loads((STATEMENTS / "phrases.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)
SOURCE = (STATEMENTS / "first-statement.txt").read_text(encoding="utf-8")
FIRST = lint(SOURCE, TODAY)
TAGGED = re.compile(r"^\{([L\d,]+)\} ?")
VARIANTS = json.loads((STATEMENTS / "variants.json").read_text(encoding="utf-8"))
LABELLED = sorted(STATEMENTS.glob("[0-9]*.json"))


@pytest.mark.parametrize("item", GOLD["items"], ids=lambda item: item["id"])
def test_the_first_statement_is_marked_as_its_readers_marked_it(item):
    assert FIRST.status(item["id"]) == item["seed_status"]


def test_the_first_statement_shows_every_antipattern():
    assert [seen.antipattern.id for seen in FIRST.antipatterns] == [pattern["id"] for pattern in GOLD["antipatterns"]]
    assert FIRST.controller == "Koper Computer Support"


def test_every_passage_stands_in_the_text():
    flat = " ".join(SOURCE.split())
    for finding in FIRST.items:
        assert all(part.strip() in flat for part in re.split(r"(?<=:) | ; ", finding.passage)), finding.item.id


def test_the_checklist_is_that_of_the_vectors():
    ours = [(item.id, item.article, item.level.value) for item in CHECKLIST]
    assert ours == [(item["id"], item["article"], item["level"]) for item in GOLD["items"]]
    assert [pattern.id for pattern in ANTIPATTERNS] == [pattern["id"] for pattern in GOLD["antipatterns"]]


def test_no_rule_knows_the_first_firm():
    rules = Path(__file__).parents[2] / "src" / "gestand" / "law" / "transparency"
    assert not [path.name for path in rules.glob("*.py") if "koper" in path.read_text(encoding="utf-8").lower()]


def _rows(language):
    text = (STATEMENTS / f"complete.{language}.md").read_text(encoding="utf-8")
    rows = []
    for line in text.split("\n"):
        tag = TAGGED.match(line)
        rows.append((frozenset(tag[1].split(",")) if tag else frozenset(), TAGGED.sub("", line)))
    return rows


def _without(rows, item):
    return "\n".join(line for carried, line in rows if item not in carried)


WHEN_NOTHING_CALLS_FOR_IT = {"L04": "not_required", "L08": "not_required"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_complete_statement_tells_everything(language):
    report = lint(_without(_rows(language), None), TODAY)
    assert {f.item.id: f.status.value for f in report.items if f.status != "present"} == {}
    assert report.antipatterns == ()
    assert report.failing == ()
    assert report.language == language


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("item", [item.id for item in CHECKLIST])
def test_without_its_passage_an_item_is_missing_and_nothing_else_changes(language, item):
    rows = _rows(language)
    left = {other for carried, _ in rows if item not in carried for other in carried}
    gone = {other for carried, _ in rows for other in carried} - left
    report = lint(_without(rows, item), TODAY)
    changed = {f.item.id: f.status.value for f in report.items if f.status != "present"}
    assert item in gone
    assert changed == {one: WHEN_NOTHING_CALLS_FOR_IT.get(one, "missing") for one in gone}


@pytest.mark.parametrize(("item", "status", "text"), PHRASES + VARIANTS)
def test_a_sentence_of_practice_is_read_as_a_careful_reader_does(item, status, text):
    assert lint(text).status(item) == status


TRAPS = [
    ("L02", "missing", "U kunt klagen bij de Autoriteit Persoonsgegevens, Postbus 93374, 2509 AJ Den Haag."),
    ("L03", "missing", "Wij verwerken uw naam, KvK-nummer en adres."),
    ("L04", "not_required", "Wij repareren fietsen en verkopen onderdelen."),
    ("L06", "missing", "## Op grond waarvan verwerken wij gegevens\n\nDat leest u hieronder."),
    ("L09", "missing", "Wij delen gegevens met derden indien dat noodzakelijk is."),
    ("L12", "partial", "We keep data for as long as necessary."),
    ("L20", "missing", "De gegevensoverdracht over de lijn is versleuteld."),
    ("L22", "missing", "Klachten over producten of retouren behandelt onze winkel."),
    ("L22", "missing", "Een datalek melden wij bij de Autoriteit Persoonsgegevens."),
    ("L25", "not_required", "Wij vragen u zelf om uw naam en adres."),
    ("L27", "partial", "Wij beantwoorden uw verzoek om inzage binnen de wettelijke termijn."),
    ("L29", "missing", "We check the identity cards of drivers who rent a van."),
    ("L30", "partial", "Vragen over deze verklaring? Neem contact op via info@voorbeeld.example.nl."),
    ("L34", "partial", "Onze website bewaart een cookie-ID."),
    ("L37", "not_required", "Wij verkopen kantoormeubelen aan bedrijven."),
    ("L38", "not_required", "Wij verkopen kantoormeubelen aan bedrijven."),
    ("L39", "missing", "© 2026. Site built on 22 November 2026."),
    ("L40", "missing", "Over wijzigingen van onze diensten informeren wij u per e-mail."),
]


@pytest.mark.parametrize(("item", "status", "text"), TRAPS)
def test_a_trap_of_real_statements_is_not_fallen_into(item, status, text):
    assert lint(text).status(item) == status


def test_what_another_website_does_is_not_told_as_own_conduct():
    assert (
        lint(
            "Wij zijn niet verantwoordelijk voor andere websites die cookies plaatsen en uw gegevens delen met hun boekhouder."
        ).status("L09")
        == "missing"
    )


@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.stem)
def test_a_labelled_statement_is_read_with_few_errors(path):
    gold = json.loads(path.read_text(encoding="utf-8"))
    report = lint(read_statement(STATEMENTS / gold["file"]), TODAY)
    wrong = [f.item.id for f in report.items if f.status != gold["items"][f.item.id]["status"]]
    assert len(wrong) <= 8, wrong


def test_the_floor_of_precision_and_recall_over_all_labelled_statements():
    # The rules were widened after these labels were seen: scripts/lint_score.py has the scores at first sight.
    lacks = {"missing", "wrong", "present_wrong"}
    same = both = golden = found = every = 0
    for path in LABELLED:
        gold = json.loads(path.read_text(encoding="utf-8"))
        for f in lint(read_statement(STATEMENTS / gold["file"]), TODAY).items:
            want = gold["items"][f.item.id]["status"]
            every += 1
            same += want == f.status.value
            both += want in lacks and f.status.value in lacks
            golden += want in lacks
            found += f.status.value in lacks
    assert every == 42 * 28
    assert same / every >= 0.92
    assert both / golden >= 0.95
    assert both / found >= 0.86


def test_a_proposal_stands_where_something_lacks_and_nowhere_else():
    for finding in FIRST.items:
        lacks = finding.status not in {"present", "not_required"}
        assert bool(finding.proposal_nl) == bool(finding.proposal_en) == lacks
        assert "{name}" not in finding.proposal_nl + finding.proposal_en


def test_a_proposal_told_by_the_owner_is_seen():
    heads = {"L07", "L13", "L12", "L26", "L05", "L09"}  # these say what to fill in
    for item in CHECKLIST:
        if item.id not in heads and "[" not in item.proposal_nl:
            assert (
                lint("Fietsenmaker Anna de Vries B.V.\n\n" + item.proposal_nl.format(name="Anna B.V.")).status(item.id)
                == "present"
            ), item.id


def test_the_machine_output_has_exactly_the_promised_keys():
    out = FIRST.as_json()
    assert list(out) == ["items", "antipatterns"]
    assert {tuple(item) for item in out["items"]} == {
        ("id", "article", "status", "passage", "proposal_nl", "proposal_en")
    }
    assert {tuple(seen) for seen in out["antipatterns"]} == {("id", "passage")}


def test_an_old_date_is_only_old_beside_today():
    text = "Deze verklaring is laatst gewijzigd op 1 mei 2024."
    assert [s.antipattern.id for s in lint(text, date(2026, 1, 1)).antipatterns] == ["AP16"]
    assert lint(text, date(2024, 6, 1)).antipatterns == ()
    assert lint(text).antipatterns == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "statement-empty"), (" \n", "statement-empty"), ("a" * (CHARACTERS_LIMIT + 1), "statement-too-large")],
)
def test_a_text_that_cannot_be_judged_is_refused(text, code):
    with pytest.raises(UsageError) as refusal:
        lint(text)
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_five_thousand_words_are_read_quickly():
    text = (
        "\n\n".join(read_statement(STATEMENTS / name) for name in ("05-saas.md", "08-school.md", "14-exemplary.md")) * 2
    )
    assert len(text.split()) > 4000
    start = time.process_time()
    lint(text)
    assert time.process_time() - start < 1.2  # 0.15 s on a quiet machine; room for a busy one


@pytest.mark.parametrize(
    "unit",
    ["a", "[", "#", "-", "1 ", "| a ", "a\n", "verzoek ", "| naam | adres |\n", "Wij delen uw gegevens met derden. "],
)
def test_no_text_at_the_limit_makes_it_slow(unit):
    text = unit * (CHARACTERS_LIMIT // len(unit))
    start = time.process_time()
    lint(text)
    assert time.process_time() - start < 12  # one to three seconds on a quiet machine


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Planwisp B.V. ("Planwisp", "wij") is de verwerkingsverantwoordelijke.', "Planwisp B.V."),
        ("Anna Fietsen V.O.F. (hierna: Anna) verwerkt persoonsgegevens.", "Anna Fietsen V.O.F."),
        ("Lark Letters Ltd ('Lark', 'we') is the controller.", "Lark Letters Ltd"),
        ("Kastanje Wonen B.V. Wij zijn verwerkingsverantwoordelijke.", "Kastanje Wonen B.V."),
        ("Grote Meer Hotels N.V. (Meerkade 9, Hoorn) is the controller.", "Grote Meer Hotels N.V."),
    ],
)
def test_a_name_ends_at_its_legal_form_or_a_bracket(text, name):
    report = lint(text)
    assert report.controller == name
    assert draft(text, report).controller == name


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400).filter(lambda text: text.strip()))
def test_any_text_is_judged_on_every_item(text):
    assert [finding.item.id for finding in lint(text).items] == [item.id for item in CHECKLIST]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from([item.id for item in CHECKLIST]), max_size=12), st.sampled_from(["nl", "en"]))
def test_taking_passages_away_never_makes_an_item_told(items, language):
    rows = _rows(language)
    text = "\n".join(line for carried, line in rows if not carried & items)
    left = {other for carried, _ in rows if not carried & items for other in carried}
    report = lint(text)
    assert all(report.status(item.id) != "present" for item in CHECKLIST if item.id not in left)


def test_a_draft_holds_what_is_told_and_lists_what_is_not():
    told = draft(SOURCE, FIRST)
    assert told.controller == "Koper Computer Support"
    assert told.email == "info@kopercom.nl"
    assert "5854 GH" in told.address
    assert {"name", "address", "phone", "email"} <= set(told.categories)
    assert {purpose.basis for purpose in told.purposes} == {"contract", "legal_obligation", "legitimate_interests"}
    assert told.recipients == ()
    assert "recipients" in told.lacking
    assert "website" in told.lacking


def test_a_draft_of_a_complete_statement_has_terms_and_recipients():
    text = _without(_rows("nl"), None)
    told = draft(text, lint(text))
    assert {"accountant", "hosting", "delivery"} <= set(told.recipients)
    assert {period.term for period in told.periods} == {"zeven jaar", "twee jaar", "vier weken"}
    assert told.email == "welkom@delinde.example.nl"
