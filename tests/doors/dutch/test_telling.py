"""No page in Dutch speaks English: every code that a page can meet has Dutch words, and every problem of a file has them too."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest

import gestand
from gestand.doors.dutch.house import HOUSE_FORMS
from gestand.doors.dutch.mail import MAIL_FORMS
from gestand.doors.dutch.owed import OWED_FORMS
from gestand.doors.dutch.people import PEOPLE_FORMS
from gestand.doors.dutch.sources import SOURCES
from gestand.doors.dutch.statement import LACKING, POLICY, STATEMENT
from gestand.doors.dutch.telling import REFUSALS, cited_in, problem_in, refused_in
from gestand.doors.office.refusals import WORDS, told
from gestand.kernel.errors import DamagedError, Problem, RefusedError, UsageError

HOUSE = Path(gestand.__file__).parent
NO_PAGE = ("bench/", "backup/", "relocation", "doors/cli/", "doors/demonstration/", "doors/api/", "doors/public/", "doors/running/", "doors/python",
           "evidence/scan/", "evidence/sandbox", "kernel/rootkey", "kernel/passphrase", "kernel/paper", "storage/moving", "reading/documents", "ledger/printed")  # fmt: skip
"""What no page of the office calls: commands, programs, and what is asked at a start."""
ENGLISH = re.compile(r"\b(the|this|that|there|which|with|from|not|nothing|what|write|name|it|yet)\b", re.IGNORECASE)
KEPT_APART = re.compile(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\{[^}]*\}|`[^`]*`|https?://\S+")
"""What is a name, a key or an example in a sentence, and no word of it."""


def calls_of(folder: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted((HOUSE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def constant(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def written(node: ast.expr) -> str:
    """Return a text with something filled in its holes, empty where it is not written out."""
    if isinstance(node, ast.JoinedStr):
        return "".join(constant(part) or "xy" for part in node.values)
    return constant(node)


def codes() -> dict[str, str]:
    """Return every code that is raised where a page can come, with a place."""
    found = {}
    for path, call in calls_of("."):
        place = path.relative_to(HOUSE).as_posix()
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name.endswith("Error") and call.args and re.fullmatch(r"[a-z][a-z0-9-]+", constant(call.args[0])):
            if place.startswith(NO_PAGE) or name in {"ValueError", "KeyError"}:
                continue
            found[constant(call.args[0])] = f"{place}:{call.lineno}"
    return found


def problems() -> Iterator[tuple[str, str, str]]:
    """Return code, message and remedy of every problem that the check of a statement or a source can tell."""
    for folder in ("statement", "sources"):
        for _path, call in calls_of(folder):
            at = next(
                (n for n, one in enumerate(call.args) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", constant(one))), None
            )
            if (
                at is None
                or len(call.args) < at + 3
                or (isinstance(call.func, ast.Name) and call.func.id.endswith("Error"))
            ):
                continue
            message, remedy = written(call.args[at + 1]), written(call.args[at + 2]).removeprefix("xy")
            if message and " " in message:
                yield constant(call.args[at]), message, remedy


def test_every_code_that_a_page_can_meet_has_dutch_words():
    lacking = {code: place for code, place in codes().items() if code not in REFUSALS and code not in WORDS}
    assert lacking == {}
    assert len(codes()) > 250


def test_a_refusal_speaks_dutch_in_whole_sentences():
    for code in {**REFUSALS, **WORDS}:
        said = told(UsageError(code, "what the program says", remedy="What to do."), "nl")
        assert said.endswith("."), said
        assert said[0].isupper(), said
        assert not ENGLISH.search(KEPT_APART.sub("", said)), said


def test_every_problem_of_a_statement_and_a_source_is_told_in_dutch():
    seen = list(problems())
    assert len(seen) > 80
    wrong = []
    for code, message, remedy in seen:
        said = problem_in(Problem("policy.toml", 1, code, message, remedy), "nl")
        whole = code in REFUSALS and not said.remedy  # one sentence that says both
        if said.message == message or (
            remedy and not whole and said.remedy in {"", remedy} and not remedy.startswith("ALTER")
        ):
            wrong.append((message, remedy))
        if ENGLISH.search(KEPT_APART.sub("", f"{said.message} {said.remedy}")):
            wrong.append((said.message, said.remedy))
    assert wrong == []


@pytest.mark.parametrize(
    "table",
    [PEOPLE_FORMS, MAIL_FORMS, OWED_FORMS, HOUSE_FORMS, STATEMENT, POLICY, SOURCES, LACKING],
    ids=lambda table: next(iter(table))[:20],
)
def test_dutch_fills_in_no_more_than_english_did(table):
    for english, dutch in table.items():
        holes = english.count("{}")
        numbers = {int(n) for n in re.findall(r"\{(\d)\}", dutch)}
        assert dutch.count("{}") in ({holes} if not numbers else {0}) or dutch.count("{}") == 0, english
        assert all(n < holes for n in numbers), english


def test_what_was_filled_in_is_told():
    named = UsageError("purpose-unknown", "the statement in force names no purpose 'service'", remedy="Name one.")
    assert refused_in(named, "nl") == "De verklaring heeft geen doel 'service'. Kies er een uit de lijst."
    assert refused_in(named, "en") == "The statement in force names no purpose 'service'. Name one."


def test_a_code_without_words_is_told_by_its_kind():
    assert refused_in(RefusedError("brand-new", "something"), "nl") == "Dit mag hier niet."
    assert "beschadigd" in refused_in(DamagedError("brand-new", "something"), "nl")
    assert refused_in(UsageError("brand-new", "something"), "nl").startswith("Dit kan zo niet.")


def test_a_near_name_is_asked_for_in_dutch():
    found = problem_in(
        Problem(
            "policy.toml", 3, "shelf-unknown", "there is no shelf 'mial'", "Did you mean 'mail'? There are: jobs, mail."
        ),
        "nl",
    )
    assert (found.message, found.remedy) == ("er is geen plank 'mial'", "Bedoelde u 'mail'? Er zijn: jobs, mail.")


def test_articles_are_cited_as_dutch_law_does():
    assert cited_in("Article 5(1)(c)", "nl") == "artikel 5, lid 1, onder c"
    assert cited_in("Article 44", "nl") == "artikel 44"
    assert cited_in("Article 44", "en") == "Article 44"


def test_what_somebody_filled_in_without_end_is_no_endless_work():
    for filler in (" lies before ", " is in ", " has ", "' ", " (line ", ": "):
        begun = process_time()
        endless = UsageError("date", f"'{filler * 20_000}", remedy="Write it as 2026-12-01.")
        assert refused_in(endless, "nl") == "Dit is geen datum. Schrijf haar als 2026-12-01."
        almost = UsageError("date", f"'{filler * (1_900 // len(filler))}", remedy="Write it as 2026-12-01.")
        refused_in(almost, "nl")
        problem_in(Problem("policy.toml", 1, "date", almost.message, ""), "nl")
        assert process_time() - begun < 1.0
