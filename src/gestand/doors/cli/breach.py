"""``gestand breach``: from the report to the register, and rehearsals of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli import breach_shown, breach_telling
from gestand.doors.cli.breach_said import instant, say_case
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say, table
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, SubjectId

if TYPE_CHECKING:
    from gestand.breach.model import Outcome

app = typer.Typer(add_completion=False, rich_markup_mode=None)

BreachArg = Annotated[str, typer.Argument(metavar="BREACH", help="The breach's id.")]
Actor = Annotated[str, typer.Option("--actor", help="Who acts.")]


@app.command("report")
def report(
    what: Annotated[str, typer.Argument(help="What was seen, in any words.")],
    by: Annotated[str, typer.Option("--by", help="staff, processor or outsider.")] = "staff",
    contact: Annotated[str, typer.Option("--contact", help="How to reach who reported it.")] = "",
    received: Annotated[
        str, typer.Option("--received", help="When it came in: a day, or a day and time; now if left out.")
    ] = "",
    aware: Annotated[
        str, typer.Option("--aware", help="Since when it is certain enough; left out: to be stated.")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="Why since then.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """List a report at once. The 72 hours run from it until awareness is stated."""
    from gestand.breach.model import Reporter

    if by not in set(Reporter):
        raise UsageError("breach-reporter", f"'{by}' reports nothing", remedy="By: " + ", ".join(Reporter) + ".")
    came, known = instant(received, "--received"), instant(aware, "--aware")
    with opened(org) as house:
        made = house.breaches.report(
            what,
            reporter=Reporter(by),
            contact=contact,
            reported_at=came,
            aware_at=known,
            why=why,
            actor=ActorId(actor),
        )
        say_case(house, made.id, as_json=as_json)


@app.command("contain")
def contain(
    breach: BreachArg,
    lever: Annotated[str, typer.Argument(help="Which lever; left out: show all of them.")] = "",
    target: Annotated[str, typer.Option("--target", help="The door, the source, or whose access.")] = "",
    by_hand: Annotated[bool, typer.Option("--by-hand", help="It was done outside this program.")] = False,
    not_needed: Annotated[bool, typer.Option("--not-needed", help="It is not needed; say why.")] = False,
    note: Annotated[str, typer.Option("--note", help="What was done, or why not.")] = "",
    reopen: Annotated[bool, typer.Option("--reopen", help="Open the door of --target again.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Contain first: pull a lever, record what was done by hand, or say why a lever is not needed."""
    from gestand.breach.containing import Pull
    from gestand.breach.model import Lever

    if by_hand and not_needed:
        raise UsageError("breach-lever", "by hand and not needed is not both", remedy="Name one of them.")
    if lever and lever not in set(Lever):
        raise UsageError("breach-lever", f"there is no lever '{lever}'", remedy="Levers: " + ", ".join(Lever) + ".")
    outcome: Outcome = "by-hand" if by_hand else "not-needed" if not_needed else "done"
    with opened(org) as house:
        if reopen:
            house.breaches.open_door(breach, target, actor=ActorId(actor))
        elif lever:
            house.breaches.contain(breach, Pull(Lever(lever), outcome, target, note), actor=ActorId(actor))
        say_case(house, breach, as_json=as_json)


@app.command("facts")
def facts(
    breach: BreachArg,
    fact: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE", help="A fact; VALUE may be JSON. None, and no option: show what is asked."
        ),
    ] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="A fact that is taken back.")] = None,
    aware: Annotated[
        str, typer.Option("--aware", help="Since when it is certain enough: a day, or a day and time.")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="Why since then.")] = "",
    staff_aware: Annotated[bool, typer.Option("--staff-aware", help="Staff knew then, those in charge later.")] = False,
    summary: Annotated[str, typer.Option("--summary", help="What happened, in plain Dutch for people.")] = "",
    summary_en: Annotated[str, typer.Option("--summary-en", help="The same in English.")] = "",
    consequences: Annotated[str, typer.Option("--consequences", help="What it may mean, in plain Dutch.")] = "",
    consequences_en: Annotated[str, typer.Option("--consequences-en", help="The same in English.")] = "",
    measures: Annotated[str, typer.Option("--measures", help="What was or will be done, in plain Dutch.")] = "",
    measures_en: Annotated[str, typer.Option("--measures-en", help="The same in English.")] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """State what is known by now; it is judged anew each time. What is not known yet is no reason to wait."""
    from gestand.breach.model import Part
    from gestand.statement.policy import Text

    stated = _facts(fact) | dict.fromkeys(drop or ())
    if not (stated or aware or summary or consequences or measures):
        _say_questions(as_json=as_json)
        return
    written = (
        (Part.SUMMARY, summary, summary_en),
        (Part.CONSEQUENCES, consequences, consequences_en),
        (Part.MEASURES, measures, measures_en),
    )
    at = instant(aware, "--aware")
    with opened(org) as house:
        who = ActorId(actor)
        if at is not None:
            house.breaches.state_aware(breach, at, why, actor=who, staff=staff_aware)
        if stated:
            house.breaches.state_facts(breach, stated, actor=who)
        for part, nl, en in written:
            if nl:
                house.breaches.write(breach, part, Text(nl=nl, en=en or nl), actor=who)
        say_case(house, breach, as_json=as_json)
        if stated and not as_json:
            _say_not_understood(json.loads(house.breaches.judgement(breach, actor=who).text())["unknown"])


def _say_questions(*, as_json: bool) -> None:
    from gestand.breach.questions import QUESTIONS

    if as_json:
        emit([
            {"fact": one.fact, "nl": one.asks.nl, "en": one.asks.en, "answers": [value for value, _ in one.answers]}
            for one in QUESTIONS
        ])  # fmt: skip
        return
    rows = [
        (one.fact, one.asks.nl, ", ".join(f"{value} ({words.nl})" for value, words in one.answers)) for one in QUESTIONS
    ]
    table("What is asked about a breach", ("fact", "asks", "answers"), rows)


def _say_not_understood(unknown: Sequence[str]) -> None:
    """Tell of each fact that the law's reader did not take what it might have been."""
    from gestand.breach.questions import QUESTIONS

    answers = {one.fact: [value for value, _ in one.answers] for one in QUESTIONS}
    for one in unknown:
        name, _, value = one.partition("=")
        if value and name in answers:
            say(f"Not understood, so counted as a risk: {name} is none of {', '.join(answers[name])}.")
            continue
        near = get_close_matches(name, answers, n=1)
        say(
            f"Not understood, so counted as a risk: {one}."
            + (f" Is it '{near[0]}'? Then take it back: --drop {name}." if near else "")
        )


def _facts(given: Sequence[str] | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fact in given or ():
        name, equals, value = fact.partition("=")
        if not equals or not name or name in found:
            raise UsageError(
                "breach-fact", f"'{fact}' is no fact, or is given twice", remedy="Write NAME=VALUE, each name once."
            )
        try:
            found[name] = json.loads(value)
        except (ValueError, RecursionError):  # no JSON: the words as they stand
            found[name] = value
    return found


@app.command("people")
def people(
    breach: BreachArg,
    opened_by: Annotated[str, typer.Option("--opened-by", help="What this actor opened, by the ledger.")] = "",
    first: Annotated[str, typer.Option("--from", help="From this day or moment.")] = "",
    last: Annotated[str, typer.Option("--to", help="Up to this day or moment.")] = "",
    shelf: Annotated[list[str] | None, typer.Option("--shelf", help="What lay on this shelf.")] = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="What came from this source.")] = None,
    dossier: Annotated[list[str] | None, typer.Option("--dossier", help="What belongs to this dossier.")] = None,
    backup: Annotated[str, typer.Option("--backup", help="What was in this backup when it was made.")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="All that is held.")] = False,
    mailbox: Annotated[
        str, typer.Option("--mailbox", help="Messages in the archive between the moments; * for any.")
    ] = "",
    subject: Annotated[list[str] | None, typer.Option("--subject", help="A person, by id.")] = None,
    others: Annotated[int, typer.Option("--others", help="People of whom nothing is held, counted by hand.")] = 0,
    replace: Annotated[bool, typer.Option("--replace", help="Instead of what was computed before.")] = False,
    show: Annotated[bool, typer.Option("--list", help="Open the sealed list as well.")] = False,
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Compute who is affected from the ledger, the vault and the archive; the list is sealed."""
    from gestand.breach.affected import Reach

    reach = Reach(
        opened_by=ActorId(opened_by) if opened_by else None,
        first=instant(first, "--from"),
        last=instant(last, "--to", last=True),
        shelves=tuple(shelf or ()),
        sources=tuple(source or ()),
        dossiers=tuple(dossier or ()),
        backup=backup,
        everything=everything,
        mailbox=mailbox,
        subjects=tuple(map(SubjectId, subject or ())),
        others=others,
    )
    with opened(org) as house:
        who = ActorId(actor)
        if not (show and reach.empty):
            house.breaches.count_people(breach, reach, actor=who, replace=replace)
        listed = house.breaches.listed(breach, actor=who) if show else ()
        more = {"people": [{"subject": one.subject, "fields": dict(one.counts)} for one in listed]} if show else {}
        say_case(house, breach, as_json=as_json, **more)
        if show and not as_json:
            table("affected", ("subject", "fields"), [(one.subject, ", ".join(one.fields)) for one in listed])


@app.command("assess")
def assess(
    breach: BreachArg,
    confirm: Annotated[
        str, typer.Option("--confirm", help="Confirm, as the actor, what lets a duty fall: what shows it.")
    ] = "",
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Judge what is known by now, with the reasons; half the facts are enough, and the rest counts as a risk."""
    with opened(org) as house:
        who = ActorId(actor)
        if confirm:
            house.breaches.confirm(breach, confirm, actor=who)
        else:
            house.breaches.assess(breach, actor=who)
        law = house.breaches.judgement(breach, actor=who)
        say_case(
            house,
            breach,
            as_json=as_json,
            judgement=json.loads(law.text()),
        )
        if not as_json:
            _say_reasons(json.loads(law.text()))


def _say_reasons(law: dict[str, Any]) -> None:
    for head, lines in (
        ("Because", law["reasons"]),
        ("To do", law["must_do"]),
        ("To confirm by name (assess --confirm)", law["confirm"]),
        ("Not known, so counted as a risk", law["missing"]),
        ("Stated and not understood, so counted as a risk", law["unknown"]),
        ("Debatable", law["debatable"]),
    ):
        if lines:
            say(f"{head}:")
            for line in lines:
                say(f"  - {line}")
    say("nagegaan: geen andere plicht gevonden dan deze; geen juridisch advies")


breach_telling.add_to(app)


@app.command("close")
def close(
    breach: BreachArg,
    lessons: Annotated[str, typer.Option("--lessons", help="What was learnt.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Close it when nothing is left to do; holds end, and the period of the file begins."""
    with opened(org) as house:
        house.breaches.close(breach, lessons=lessons, actor=ActorId(actor))
        say_case(house, breach, as_json=as_json)


@app.command("rehearse")
def rehearse(
    scenario: Annotated[str, typer.Argument(help="What is supposed to have happened; or the id of a rehearsal.")],
    org: Org = HERE,
    as_json: Json = False,
    actor: Actor = "owner",
) -> None:
    """Begin an exercise, or show its minutes. Every command works on it; levers move nothing, and it counts nowhere."""
    from dataclasses import asdict

    from gestand.breach.model import Reporter

    with opened(org) as house:
        if not scenario.startswith("bre_"):
            made = house.breaches.report(scenario, reporter=Reporter.STAFF, actor=ActorId(actor), rehearsal=True)
            scenario = made.id
        minutes = asdict(house.breaches.rehearsed(scenario))
        say_case(house, scenario, as_json=as_json, minutes=minutes)
        if not as_json:
            table("minutes after the report", ("step", "minutes"), [(k, "-" if v is None else str(v)) for k, v in minutes.items()])  # fmt: skip


breach_shown.add_to(app)
