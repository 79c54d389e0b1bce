"""The documents say what the code does: nothing that others rely on is missing, no list is behind, no row is without words."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import formats_commands  # noqa: E402 - the scripts are no package
import formats_errors  # noqa: E402
import formats_policy  # noqa: E402
import formats_tables  # noqa: E402

FORMATS = (ROOT / "docs/formats.md").read_text("utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text("utf-8")
RENEW = "run: python scripts/formats_tables.py"


def rows_of(name: str, text: str = FORMATS) -> dict[str, str]:
    """Return the rows of one list by their first cell."""
    body = re.search(rf"<!-- list: {name} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert body is not None, f"there is no list '{name}'"
    return {row.split("|")[1].strip().strip("`"): row for row in body[1].splitlines() if row.startswith("| ")}


@pytest.mark.parametrize("path", formats_tables.DOCUMENTS, ids=lambda path: path.name)
def test_no_list_is_behind_the_code(path):
    text = path.read_text("utf-8")
    assert formats_tables.renewed(text) == text, f"{path.name} is behind the code; {RENEW}"


def test_no_row_is_without_words():
    open_rows = [row for row in FORMATS.splitlines() if row.startswith("|") and formats_tables.NO_WORDS in row]
    assert not open_rows, "write what these mean in docs/formats.md:\n" + "\n".join(open_rows)


def test_every_key_of_a_policy_is_told():
    for title, keys in formats_policy.policy_keys():
        heading = "The top of the file" if title == "top" else f"`{title}`"
        section = FORMATS.split(f"#### {heading}\n", 1)[1].split("\n#", 1)[0]
        assert [key.name for key in keys if f"| `{key.name}` |" not in section] == [], title


def test_every_setting_is_told():
    from gestand.kernel.config_keys import KNOWN

    assert set(rows_of("config")) - {"key"} == {f"{section}.{key}" for section, keys in KNOWN.items() for key in keys}


def test_every_ledger_event_and_fact_is_told():
    from gestand.ledger.events import EVENTS

    told = rows_of("events")
    assert set(EVENTS) == set(told) - {"event"}
    for event, facts in EVENTS.items():
        assert all(f"`{fact}`" in told[event] for fact in facts), event
    assert set(rows_of("facts")) - {"fact"} == {fact for facts in EVENTS.values() for fact in facts}


def test_every_control_is_told():
    from gestand.evidence.registry import AWAITED, control_ids

    assert set(rows_of("controls")) - {"control"} == control_ids()
    assert set(rows_of("awaited")) - {"control"} == set(AWAITED)


def test_every_error_code_is_told():
    written = re.compile(r'\b(?:Gestand|Usage|Refused|Damaged)Error\(\s*"([a-z0-9-]+)"')  # another way of looking
    found = {code for path in formats_errors.SOURCE.rglob("*.py") for code in written.findall(path.read_text("utf-8"))}
    assert len(found) > 100
    assert sorted(found - set(rows_of("errors"))) == []


def test_no_error_code_is_hidden_from_the_list():
    _, hidden = formats_errors.error_codes()
    assert [place for place in hidden if place.split(":")[0] not in formats_errors.FOLLOWED] == []


def test_a_new_error_is_noticed_and_a_hidden_one_too(tmp_path, monkeypatch):
    (tmp_path / "room.py").write_text(
        "def refuse(code, message):\n    raise UsageError(code, message)\n"
        "def one():\n    refuse('brand-new', f'{1} is new')\n"
        "def two(name):\n    raise RefusedError(name + '-gone', 'gone')\n",
        "utf-8",
    )
    monkeypatch.setattr(formats_errors, "SOURCE", tmp_path)
    found, hidden = formats_errors.error_codes()
    assert [(error.code, error.says) for error in found] == [("brand-new", "… is new")]
    assert hidden == ["room.py:6"]


def test_a_missing_row_and_lost_words_are_noticed():
    row = rows_of("events")["data.opened"]
    assert formats_tables.renewed(FORMATS.replace(row + "\n", "")) != FORMATS
    silent = FORMATS.replace(row, row.rsplit("|", 2)[0] + "| " + formats_tables.NO_WORDS + " |")
    assert formats_tables.NO_WORDS in rows_of("events", formats_tables.renewed(silent))["data.opened"]


def test_every_command_and_option_is_told():
    for words, leaf in formats_commands.leaves():
        heading = f"## {words}\n" if " " not in words else f"### {words}\n"
        assert heading in COMMANDS, f"gestand {words} is missing; {RENEW}"
        section = COMMANDS.split(heading, 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
        if leaf is not None:
            missing = [name for p in formats_commands.options_of(leaf) for name in p.opts if f"`{name}`" not in section]
            assert missing == [], words


def test_every_command_with_machine_output_has_its_form():
    forms = FORMATS.split("## Machine output", 1)[1].split("\n## ", 1)[0]
    missing = []
    for words, leaf in formats_commands.leaves():
        if leaf is None or not any("--json" in p.opts for p in leaf.params):
            continue
        group, _, name = words.partition(" ")
        told = any(
            f"`{words}`" in row
            or (name and f"`{group} " in row and (f"`{name}`" in row or "and the other" in row or "…`" in row))
            for row in forms.splitlines()
        )
        if not told:
            missing.append(words)
    assert missing == [], "give these a row under 'Machine output' in docs/formats.md"


def test_what_the_documents_link_to_is_there():
    for path in sorted((ROOT / "docs").glob("*.md")):
        text = path.read_text("utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
    for anchor in re.findall(r"\]\(#([^)]+)\)", FORMATS):
        headings = {re.sub(r"[^\w -]", "", re.sub(r"&\w+;", "", h)).strip().lower().replace(" ", "-")
                    for h in re.findall(r"^#+ (.+)$", FORMATS, re.MULTILINE)}  # fmt: skip
        assert anchor in headings, anchor
