import json
import subprocess
import sys

GESTAND = [sys.executable, "-m", "gestand.doors.cli.main", "law"]


def ask(*words, lines=b""):
    run = subprocess.run([*GESTAND, *words], input=lines, capture_output=True, timeout=60)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def test_every_line_gets_an_answer_and_none_a_traceback():
    lines = (
        b'{"id": 1, "event": "breach_aware", "start": "2025-09-01T12:00:00+02:00"}\n'
        b"not json\n\n[1]\n\xff\xfe\n"
        b'{"id": "\\ud800", "event": ["x"], "start": NaN}\n'
        + b"[" * 100_000
        + b"\n"
        + b'{"id": 7, "event": {}, "start": "\\ud800"}'
    )
    status, out, err = ask("term", "--batch", lines=lines)
    answers = [json.loads(line) for line in out.splitlines()]
    assert (status, err) == (0, "")
    assert answers[0]["expected_deadline"] == "2025-09-04T12:00:00+02:00"
    assert [answer.get("line") for answer in answers[1:]] == [2, 3, 4, 5, 6, 7, None]
    assert all(answer["needs_judgement"] and answer["missing"] for answer in answers[1:])


def test_a_person_gets_an_answer_to_follow():
    status, out, _ = ask("term", "art15_request_received", "2026-03-03T12:00:00+01:00")
    assert status == 0
    assert "2026-04-07T23:59:59+02:00" in out
    assert "Goede Vrijdag" in out
    assert out.startswith("Uiterlijk dinsdag 7 april 2026. Houd zelf vrijdag 3 april 2026 aan.")
    assert "niet elke bron hiervan is in de wettekst zelf nagelezen" in out
    status, out, _ = ask(
        "retention",
        "sales_invoice",
        "--on",
        "2026-11-22",
        "--trigger",
        "art17_request",
        "--fact",
        "invoice_date=2022-06-15",
    )
    assert status == 0
    assert "refuse_erasure" in out
    assert out.startswith("Wis dit nog niet: bewaar het tot en met 31-12-2029.")
    assert "2029-12-31" in out


def test_what_a_person_must_judge_ends_with_status_one_and_wrong_use_with_two():
    status, out, _ = ask("term", "breach_aware", "2025-03-30T02:30:00")
    assert status == 1
    assert "does not exist" in out
    status, out, _ = ask("term", "anniversary", "2025-03-30")
    assert status == 1
    assert "Known here: art15_request_received" in out
    status, _, err = ask("term")
    assert status == 2
    assert "breach_aware" in err
    for facts in (["invoice_date"], ["invoice_date=2024-01-01", "invoice_date=2025-01-01"]):
        status, _, err = ask("retention", "sales_invoice", *(word for fact in facts for word in ("--fact", fact)))
        assert status == 2
        assert "law-fact" in err
    status, _, err = ask("breach", "--fact", "data=" + "[" * 50_000)
    assert (status, err) == (1, "")


def test_the_rules_of_a_day_are_shown_with_their_sources():
    status, out, _ = ask("show", "--on", "2026-11-22", "--json")
    shown = json.loads(out)
    assert status == 0
    assert shown["reviewed"] == "2026-11-22"
    assert all(rule["source"] for rule in shown["rules"])
    _, out, _ = ask("show", "--on", "2018-05-24", "--topic", "term")
    assert "term-breach-72-hours" not in out
    assert ask("show", "--on", "2018-13-24")[0] == 2
