"""The questions on breaches, offers and demands through the command line: the answer, its reasons, and its exit status."""

import json
import subprocess
import sys

from gestand.kernel.clock import local_date, system_clock

TODAY = local_date(system_clock()).isoformat()
GESTAND = [sys.executable, "-m", "gestand.doors.cli.main", "law"]


def ask(*words, lines=""):
    run = subprocess.run([*GESTAND, *words], input=lines, capture_output=True, text=True, timeout=60)
    assert run.stderr == ""
    return run.returncode, run.stdout


def test_a_breach_asked_by_a_person():
    status, out = ask("breach", "--fact", "availability=minutes")
    assert status == 0
    assert out.startswith("Schrijf het datalek in het register.")
    assert "notify sa: no" in out
    assert "confirm by named person" in out
    status, out = ask("breach", "breach", "--fact", "wormhole=true")
    assert status == 1
    assert "wormhole" in out


def test_an_offer_by_telephone_asked_by_a_person():
    facts = ["--fact", "recipient=eenmanszaak", "--fact", "consent=false"]
    status, out = ask("marketing", "phone", "--on", "2026-11-22", *facts)
    assert status == 0
    assert "allowed: no" in out
    assert "not verified: marketing-phone-consent" in out


def test_a_question_without_a_day_is_about_today():
    facts = ["--fact", "recipient=consumer", "--fact", "consent=true"]
    assert ask("marketing", "email", *facts) == ask("marketing", "email", *facts, "--on", TODAY)
    assert ask("retention", "customer_password_note", "--fact", f"job_closed={TODAY}")[0] == 0


def test_demands_as_json_lines():
    asked = [
        {"id": "a", "authority": "lawyer of ex-partner", "facts": {"asks": "address"}},
        {"id": "b", "authority": "public prosecutor", "facts": {"article": "126nd Sv", "written": True}},
        {"id": "c", "authority": 3, "facts": [1]},
    ]
    status, out = ask("disclosure", "--batch", lines="".join(json.dumps(one) + "\n" for one in asked))
    answers = {one["id"]: one for one in map(json.loads, out.splitlines())}
    assert status == 0
    assert [answers[name]["disclose"] for name in "abc"] == [False, True, False]
    assert answers["c"]["needs_judgement"] is True
