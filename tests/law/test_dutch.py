"""Every sentence that a judgement can say has its Dutch, and what is filled in is looked up in its turn."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from gestand import law
from gestand.law.disclosure_facts import Asker
from gestand.law.dutch import ASKERS, SENTENCES, in_dutch
from gestand.sharing.agreements import CONTENTS

FOLDER = Path(law.__file__).parent
ROOMS = (*(FOLDER / f"{name}.py" for name in ("breach", "breach_exposure", "breach_people", "breach_risk", "disclosure")),
         FOLDER.parent / "sharing" / "orders.py")  # fmt: skip
ENGLISH = re.compile(r"\b(the|and|with|not|are|that|who|has|were|which|people|data)\b")


def sentences(file: Path) -> list[str]:
    """Return the texts of a module that have words in them, ``{}`` where something is filled in; no docstrings or patterns."""
    tree = ast.parse(file.read_text("utf-8"))
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in node.values}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile":
            passed |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.keyword) and node.arg == "remedy":
            passed |= {id(part) for part in ast.walk(node)}
    found = []
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return [
        one for one in dict.fromkeys(found) if " " in one and "\\" not in one and len(re.findall(r"[a-z]+", one)) > 1
    ]


@pytest.mark.parametrize("file", ROOMS[:-1], ids=lambda file: file.stem)
def test_every_sentence_of_a_judgement_has_its_dutch(file):
    said = sentences(file)
    assert len(said) > 10
    assert [one for one in said if one not in SENTENCES and one != " or "] == []


def test_what_an_order_adds_to_the_judgement_has_its_dutch():
    added = [
        one
        for one in sentences(ROOMS[-1])
        if one.startswith(("a person must judge", "none of the data", "it is not verified", "the demand does not"))
    ]
    assert len(added) == 4
    assert [one for one in added if one not in SENTENCES] == []


def test_the_dutch_has_as_many_holes_and_no_english():
    for english, dutch in SENTENCES.items():
        assert dutch.count("{}") == english.count("{}"), english
        assert not ENGLISH.search(dutch), dutch


@pytest.mark.parametrize("asker", list(Asker), ids=str)
def test_who_asks_has_a_dutch_name(asker):
    assert ASKERS[str(asker)] != str(asker)


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("risk unlikely: the data were back soon; people never had to do without the data",
         "een risico is onwaarschijnlijk: de gegevens waren snel terug; niemand heeft de gegevens hoeven missen"),
        ("others could read means of payment or access to accounts: financial loss",
         "anderen konden dit lezen: betaalmiddelen of toegang tot rekeningen: schade in geld"),
        ("34(3)(a) does not apply: it is not stated that the key is safe", "34, lid 3, onder a geldt niet: er staat niet dat de sleutel veilig is"),
        ("this power belongs to a police officer or public prosecutor, not to a bailiff",
         "deze bevoegdheid heeft alleen: opsporingsambtenaar (politie) of officier van justitie; niet: deurwaarder"),
        ("many people are concerned (4000)", "het gaat om veel mensen (4000)"),
        ("something that nobody wrote", "something that nobody wrote"),
    ],
)  # fmt: skip
def test_a_sentence_is_said_in_dutch(english, dutch):
    assert in_dutch(english) == dutch


def test_what_is_said_of_an_agreement_has_its_dutch():
    said = [one for one in sentences(FOLDER.parent / "sharing" / "agreements.py") if one.startswith(("no signed", "the agreement with", "'{}' is in"))]  # fmt: skip
    assert len(said) == 6
    for one in said:
        filled = one.replace("{}", "x")
        assert not ENGLISH.search(in_dutch(f"{filled} (Article 28(3))")), one
    assert [says for _, says in CONTENTS.values() if in_dutch(says) == says] == []
