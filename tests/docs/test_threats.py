"""The threat model names tests that are there; the crypto inventory has every primitive and key that the code uses."""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import formats_crypto  # noqa: E402 - the scripts are no package
import formats_tables  # noqa: E402

MODEL = (ROOT / "docs/threat-model.md").read_text("utf-8")
CRYPTO = (ROOT / "docs/crypto.md").read_text("utf-8")


def rows_under(heading):
    part = MODEL.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in part.splitlines() if row.startswith("| ")][
        1:
    ]


def test_every_guarantee_names_tests_that_are_there():
    guarantees = rows_under("Guarantees")
    assert len(guarantees) > 12
    for threat, who, held, tried in guarantees:
        assert who, threat
        assert held, threat
        paths = re.findall(r"`(tests/[a-z/]+)`", tried)
        assert paths, threat
        assert all(any((ROOT / path).glob("**/test_*.py")) for path in paths), tried


def test_what_is_not_guaranteed_says_why_and_what_to_do():
    rows = rows_under("What is not guaranteed")
    assert len(rows) > 8
    assert all(len(row) == 3 and all(row) for row in rows)


def test_the_commands_it_names_are_there():
    from gestand.doors.cli.commands import COMMANDS

    known = {command.name for command in COMMANDS}
    assert set(re.findall(r"`gestand ([a-z]+)", MODEL + CRYPTO)) <= known


def test_the_inventory_is_not_behind_the_code():
    assert formats_tables.renewed(CRYPTO) == CRYPTO, "run: python scripts/formats_tables.py"
    assert formats_tables.NO_WORDS not in CRYPTO


def test_a_new_primitive_or_key_is_noticed():
    tree = ast.parse(
        "from cryptography.hazmat.primitives.ciphers.aead import AESSIV\nimport hashlib\nkey = derive(root_key, 'diary')\n"
    )
    assert list(formats_crypto.imported(tree)) == ["ciphers.aead.AESSIV", "hashlib"]
    assert list(formats_crypto.derived(tree)) == [("diary", "root_key")]
    assert "`diary`" not in CRYPTO
    assert "AESSIV" not in CRYPTO
