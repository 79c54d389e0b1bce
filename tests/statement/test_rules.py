from __future__ import annotations

from datetime import date

import pytest

from gestand.kernel.errors import Problem
from gestand.statement.load import load_statement
from gestand.statement.rules import check, examine
from statement.firm import CONTROLS, POLICY, files


def found(today: date | None = None, controls=CONTROLS, **changes: tuple[str, str]) -> list[Problem]:
    statement = load_statement(files(**changes), "jansen")
    return [p for p in check(statement, controls, today=today) if p.severity == "error"]


def the_one(**changes: tuple[str, str]) -> Problem:
    (problem,) = found(**changes)
    assert problem.remedy
    return problem


def policy_line(words: str) -> int:
    return POLICY[: POLICY.index(words)].count("\n") + 1


def test_the_sound_firm_has_no_errors_and_its_awaited_control_is_listed():
    problems = check(load_statement(files(), "jansen"), CONTROLS, today=date(2026, 3, 1))
    assert [(p.severity, p.code, p.line) for p in problems] == [("warning", "clause-awaits", 10)]
    assert "recipients-declared" in problems[0].message


def test_deleting_one_kept_by_says_which_promise_nothing_keeps():
    first, second = found(nl=('{#C3 kept-by="erased-in-time"}', "{#C3}"))
    assert (first.code, second.code) == ("control-idle", "promise-unkept")
    assert "erased-in-time" in first.message
    assert (second.file, second.line) == ("jansen/statement.nl.md", 7)
    assert '"Wij bewaren ze 2 jaar na het laatste contact' in second.message


def test_a_control_that_is_not_there_is_named_with_the_one_that_was_meant():
    unknown = next(p for p in found(nl=("no-cookies", "no-cookeis")) if p.code == "control-unknown")
    assert unknown.line == 5
    assert "Did you mean 'no-cookies'?" in unknown.remedy


def test_a_control_that_keeps_no_promise_is_refused():
    (problem,) = found(controls=CONTROLS | {"purged-logs"})
    assert problem.code == "control-idle"
    assert "'purged-logs'" in problem.message


def test_controls_are_not_judged_where_none_are_known():
    assert found(controls=None) == []


NEW_FIELD = "[categories.care]\n"
MOVED = '[categories.contact.fields.phone]\ntitle = { nl = "telefoon", en = "phone" }\nkind = "phone"\n\n[categories.care]\n'
SHELF = 'why = { nl = "een piano wordt jaarlijks gestemd", en = "a piano is tuned yearly" }\n'


@pytest.mark.parametrize(
    ("change", "code", "place", "says"),
    [
        ((NEW_FIELD, MOVED), "field-without-purpose", "[categories.care]", "'contact.phone'"),
        (('shelf = "customers"\nrecipients', 'shelf = "custmers"\nrecipients'), "shelf-unknown", 'shelf = "customers"', "'custmers'"),
        (('recipients = ["host"]', 'recipients = ["host", "hots"]'), "recipient-unknown", "recipients =", "'hots'"),
        (('purposes = ["tuning", "pitch"]', 'purposes = ["tuning", "pich"]'), "purpose-unknown", 'purposes = ["tuning', "'pich'"),
        (('purpose = "rights"', 'purpose = "right"'), "purpose-unknown", 'purpose = "rights"', "'right'"),
        (('needs = ["contact.name", "contact.email"]', 'needs = ["contact.nam"]'), "field-unknown", "needs = [", "'contact.nam'"),
        (('needs = ["contact.name", "contact.email"]', 'needs = ["contct.name"]'), "category-unknown", "needs = [", "'contct'"),
        ((SHELF, SHELF + 'then = "requests"\n\n[shelves.x]\ntitle = { nl = "klanten", en = "customers" }\ntrigger = "objection"\n'
          'period = "1 year"\nground = "g"\nwhy = { nl = "w", en = "w" }\nthen = "x"\n'), "shelf-circle", "[shelves.requests]", "x → x"),
        (('special_ground = "AVG 9(2)(a)"\n', ""), "special-without-ground", '"care.hearing"', "Article 9(2)"),
        (('consent_text = { nl = "U mag mijn gehoor noteren.", en = "You may note my hearing." }\n', ""),
         "consent-without-text", "[purposes.pitch]", "'pitch'"),
        (('kind = "name"', 'kind = "bsn"'), "bsn-without-statute", "[categories.contact.fields.name]", "UAVG 46"),
        (('country = "NL"', 'country = "US"'), "transfer-without-ground", 'country = "NL"', "US"),
        (('agreement = "verwerkersovereenkomst van 2026-01-01"\n', ""), "agreement-missing", "[recipients.host]", "'host'"),
        (('ground = "AVG 5(1)(e)"', 'ground = " "'), "shelf-without-ground", 'ground = "AVG 5(1)(e)"', "'customers'"),
        (('"*" =', '"contact.name" ='), "rights-purpose-narrow", "needs = { ", "'rights'"),
        (('"contact.email" = { nl = "om de aanbieding', '"*" = { nl = "om de aanbieding'), "purpose-needs-everything",
         '"contact.email" = { nl = "om de aanbieding', "'offers'"),
        (('value = "bram_jansen@example.nl"', 'value = "geemail"'), "contact-form", 'value = "bram', "'geemail'"),
        (('website = "https://jansen.example.nl"', 'website = "ftp:/x"'), "contact-form", 'website = "', "'ftp:/x'"),
        (('status = "informative"', 'status = "mended"'), "promise-unkept", None, "C5"),
        (("[clauses.C5]", "[clauses.C1]"), "clause-contradiction", None, "C1"),
        (("[clauses.C5]", '[clauses.C9]\nstatus = "mended"\nreason = { nl = "x", en = "x" }\n\n[clauses.C5]'),
         "note-without-clause", "[clauses.C5]", "C9"),
    ],
)  # fmt: skip
def test_each_contradiction_of_the_policy_is_refused_on_its_line(change, code, place, says):
    problems = [p for p in found(policy=change) if p.code == code]
    assert problems, [str(p) for p in found(policy=change)]
    assert says in problems[0].message
    if place is not None:
        assert problems[0].file == "jansen/policy.toml"
        assert abs(problems[0].line - policy_line(place)) <= 8


def test_a_legitimate_interest_without_balancing_test_is_refused():
    start, end = POLICY.index("[purposes.offers.balancing]"), POLICY.index("[purposes.rights]")
    problem = the_one(policy=(POLICY[start:end], ""))
    assert (problem.code, problem.line) == ("interest-without-balancing", policy_line("[purposes.offers]"))


def test_shelves_in_a_circle_are_told_once_with_the_whole_way():
    requests = 'why = { nl = "om te tonen dat wij antwoordden", en = "to show that we answered" }\n'
    chained = POLICY.replace(SHELF, SHELF + 'then = "requests"\n').replace(requests, requests + 'then = "customers"\n')
    problem = the_one(policy=(POLICY, chained))
    assert problem.code == "shelf-circle"
    assert "customers → requests → customers" in problem.message


def test_a_chain_of_shelves_that_ends_is_no_circle():
    assert found(policy=(SHELF, SHELF + 'then = "requests"\n')) == []


def test_a_firm_that_takes_no_requests_is_refused():
    closed = POLICY.replace("[[controller.contacts]]\n", "[[controller.contacts]]\nrights = false\n")
    assert the_one(policy=(POLICY, closed)).code == "rights-without-contact"


def test_an_expired_agreement_is_refused_from_the_day_after():
    assert found(today=date(2028, 1, 1)) == []
    (problem,) = found(today=date(2028, 1, 2))
    assert (problem.code, problem.line) == ("agreement-expired", policy_line("agreement_expires"))


def test_a_purpose_the_text_does_not_name_is_refused_for_each_language():
    first, second = found(nl=("{{ purposes }}", "{{ purpose.pitch.title }}, aanbiedingen per e-mail, het beantwoorden van uw verzoek"),
                          en=("{{ purposes }}", "offers by e-mail, answering your request, a tuning that suits your hearing"))  # fmt: skip
    assert {first.code, second.code} == {"purpose-unnamed"}
    assert "statement.en.md does not name the purpose 'tuning'" in first.message
    assert first.line == second.line == policy_line("[purposes.tuning]") + 1


def test_a_recipient_the_text_does_not_name_is_refused():
    problem = the_one(nl=("Alleen {{ recipients }} krijgt", "Niemand krijgt"))
    assert problem.code == "recipient-unnamed"
    assert "{{ recipients }}" in problem.remedy


def test_a_shelf_whose_period_the_text_does_not_tell_is_warned_of():
    statement = load_statement(files(en=("requests\n  {{ shelf.requests.period }}", "more")), "jansen")
    (warning,) = [p for p in check(statement, CONTROLS) if p.code == "shelf-unnamed"]
    assert warning.severity == "warning"
    assert "kept for 1 year" in warning.message


def test_a_translation_that_lacks_a_clause_is_refused():
    problem = the_one(en=("- [We set **no** cookies.]{#C1}\n", ""))
    assert (problem.code, problem.file) == ("translation-lacks-clause", "jansen/statement.en.md")
    assert 'clause C1 of statement.nl.md (line 5) is not in this text: "Wij plaatsen geen cookies."' in problem.message


def test_a_translation_that_has_a_clause_more_is_refused():
    problem = the_one(en=("[We set **no**", "[All is safe.]{#C7}\n- [We set **no**"))
    assert (problem.code, problem.line) == ("translation-has-more", 5)


def test_a_translation_kept_by_another_control_is_refused():
    problem = the_one(en=("{#C1}", '{#C1 kept-by="purpose-bound"}'))
    assert (problem.code, problem.line) == ("translation-differs", 5)


def test_what_transparency_lacks_is_passed_on_as_a_warning():
    lacking = Problem("jansen/statement.nl.md", 0, "lacks-L01", "no word on complaints", "Add: …", "warning")
    assert lacking in check(load_statement(files(), "jansen"), CONTROLS, lacking=[lacking])


def test_faults_of_form_and_of_meaning_come_in_one_run():
    broken = files(policy=(POLICY, POLICY.replace('basis = "contract"', 'bases = "contract"')
                           .replace('"2 years"', '"2 yeers"').replace(SHELF, SHELF + 'then = "customers"\n')),
                   nl=('{#C1 kept-by="no-cookies"}', "{#C1}"))  # fmt: skip
    broken["statement.en.md"] = broken["statement.en.md"].replace(b"Only", b"\xff")
    statement, problems = examine(broken, "jansen", CONTROLS)
    assert statement is None
    assert [(p.file.removeprefix("jansen/"), p.code) for p in problems] == [
        ("policy.toml", "purpose-without-basis"),
        ("policy.toml", "key-unknown"),
        ("policy.toml", "unit-unknown"),
        ("policy.toml", "shelf-circle"),
        ("statement.en.md", "not-utf8"),
        ("statement.nl.md", "control-idle"),
        ("statement.nl.md", "promise-unkept"),
    ]


def test_examining_a_sound_folder_gives_the_statement():
    statement, problems = examine(files(), "jansen", CONTROLS)
    assert statement is not None
    assert [p.severity for p in problems] == ["warning"]
