"""The register of agreements that a new organisation begins with: every recipient, every key explained, nothing claimed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gestand.doors.cli.init import filled
from gestand.sharing.agreements import CONTENTS, FILE, judge_agreement, load_agreements, missing_contents
from gestand.sharing.drafting import draft_register
from gestand.statement.policy import Policy
from intake_house import koper

ROOT = Path(__file__).parents[2]
POLICIES = {
    "koper": (ROOT / "examples/koper/policy.toml").read_bytes(),
    "fanfare": (ROOT / "examples/fanfare/policy.toml").read_bytes(),
    "new": filled({}, date(2026, 12, 1))["policy.toml"],
}
KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


def written(folder: Path, text: str):
    (folder / FILE).write_text(text)
    return load_agreements(folder)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_as_it_is_made_nothing_was_agreed_with_anybody(tmp_path, policy: bytes):
    agreements = written(tmp_path, draft_register(policy).decode())
    assert [one for one in agreements.values() if one.signed or one.contents or one.sealed_to] == []


def test_a_processor_gets_nothing_until_it_is_filled_in(tmp_path):
    policy: Policy = koper().policy
    text = draft_register(POLICIES["koper"]).decode()
    agreements = written(tmp_path, text)
    processors = {name for name, one in policy.recipients.items() if one.role in {"processor", "joint"}}
    assert set(agreements) == processors
    for name in processors:
        against, _ = judge_agreement(name, policy.recipients[name], agreements[name], date(2026, 12, 1), "")
        assert [one.code for one in against] == ["agreement-missing"]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_every_line_that_is_uncommented_is_read_and_makes_it_whole(tmp_path, policy: bytes):
    text = draft_register(policy).decode()
    body = text.partition("format = 1")[2]
    true = "format = 1" + re.sub(r"(?m)^# (?=\[agreements|[a-z_]+ = |  \"|\])", "", body)
    agreements = written(tmp_path, true.replace('"age1..."', f'"{KEY}"').replace("2029-01-31", "2099-01-31"))
    for name, one in agreements.items():
        assert f"[agreements.{name}]" in text
        assert one.transfer
        assert one.contact
    whole = [one for one in agreements.values() if one.contents]
    assert whole
    for one in whole:
        assert missing_contents(one) == ()
        assert (one.signed, one.expires, one.sub_processors) == (
            date(2026, 1, 31),
            date(2099, 1, 31),
            ("Datacentrum Noord",),
        )


def test_each_of_the_contents_stands_there_with_its_article():
    text = draft_register(POLICIES["koper"]).decode()
    for word, (article, says) in CONTENTS.items():
        assert re.search(rf'#\s+"{word}",\s+# {re.escape(article)}: {re.escape(says)}', text)


def test_a_recipient_outside_the_eea_is_asked_for_the_ground_of_the_transfer(tmp_path):
    policy = b"""[recipients.cloud]
role = "processor"
title = { nl = "de \\"wolk\\"", en = "the cloud" }
country = "US"
transfer = "adequacy decision, Article 45"
"""
    text = draft_register(policy).decode()
    assert '# transfer = "adequacy decision, Article 45"  # it is outside the EEA' in text
    assert written(tmp_path, text)["cloud"].name == 'de "wolk"'
