"""Questions to the law: one by options with an answer a person can follow, or many as JSON lines."""

from __future__ import annotations

import importlib
import json
import sys
from datetime import date
from typing import Annotated, Any

import typer

from gestand.doors.cli.batch import Answering, answer_lines
from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say
from gestand.kernel.errors import UsageError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Batch = Annotated[bool, typer.Option("--batch", help="Read questions as JSON lines; write one JSON line for each.")]
Facts = Annotated[
    list[str] | None, typer.Option("--fact", metavar="NAME=VALUE", help="A fact; repeat for more. VALUE may be JSON.")
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The day of the question, year-month-day; today if left out."),
]
InForce = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day, year-month-day; the last review if left out.")
]

NOT_A_FINDING = (
    "Dit antwoord volgt uit regels en is geen juridisch advies.\n"
    "An answer of rules, not legal advice; what is marked debatable or not verified wants a person's eye."
)
TO_JUDGE = (
    "Dit moet een mens beoordelen; de regels komen er niet uit.\nA person must judge this; the rules do not reach:"
)
UNREAD = (
    "Let op: niet elke bron hiervan is in de wettekst zelf nagelezen.\n"
    "Mind: not every source of this was read at the law itself."
)
SAID_FIRST = {"id", "nl", "why", "missing", "unknown", "needs_judgement"}
FINDINGS = {"verified", "debatable", "restricted", "open_ended"}
"""Parts that say nothing while a person has yet to judge."""


@app.command()
def term(
    event: Annotated[str | None, typer.Argument(help="What happened, e.g. art15_request_received.")] = None,
    start: Annotated[str | None, typer.Argument(help="When, with offset: 2025-03-05T10:00:00+01:00.")] = None,
    *,
    fact: Facts = None,
    batch: Batch = False,
    json_: Json = False,
) -> int:
    """When something must be done at the latest."""
    question = {"event": event, "start": start, "inputs": _facts(fact)}
    return _ask("term", question, subject=event, batch=batch, as_json=json_)


@app.command()
def retention(
    record_kind: Annotated[str | None, typer.Argument(help="What is kept, e.g. sales_invoice.")] = None,
    *,
    on: On = None,
    trigger: Annotated[str, typer.Option("--trigger", help="sweep, art17_request, art18_request, art21_objection.")] = (
        "sweep"
    ),
    fact: Facts = None,
    batch: Batch = False,
    json_: Json = False,
) -> int:
    """Whether a record is kept, erased, restricted, and until when."""
    question = {"record_kind": record_kind, "on": on or _today(), "trigger": trigger, "facts": _facts(fact)}
    return _ask("retention", question, subject=record_kind, batch=batch, as_json=json_)


@app.command()
def breach(
    group: Annotated[str | None, typer.Argument(help="A name for the question; may be left out.")] = None,
    *,
    fact: Facts = None,
    batch: Batch = False,
    json_: Json = False,
) -> int:
    """Whether a breach must be written down, notified, and told to people."""
    facts = _facts(fact)
    subject = group or ("breach" if facts else None)
    return _ask(
        "breach", {"group": subject, "facts": facts, "inputs": facts}, subject=subject, batch=batch, as_json=json_
    )


@app.command()
def marketing(
    channel: Annotated[str | None, typer.Argument(help="email, phone, post or sms_whatsapp.")] = None,
    *,
    on: On = None,
    fact: Facts = None,
    batch: Batch = False,
    json_: Json = False,
) -> int:
    """Whether a message or call may go out."""
    question = {"channel": channel, "date": on or _today(), "facts": _facts(fact)}
    return _ask("marketing", question, subject=channel, batch=batch, as_json=json_)


@app.command()
def disclosure(
    authority: Annotated[str | None, typer.Argument(help="Who asks for data, e.g. 'tax inspector'.")] = None,
    *,
    fact: Facts = None,
    batch: Batch = False,
    json_: Json = False,
) -> int:
    """Whether data may be given to whoever asks for them."""
    question = {"authority": authority, "facts": _facts(fact)}
    return _ask("disclosure", question, subject=authority, batch=batch, as_json=json_)


@app.command()
def show(
    on: InForce = None,
    topic: Annotated[str | None, typer.Option("--topic", help="Only the rules of one topic.")] = None,
    json_: Json = False,
) -> int:
    """Show the rules in force on a day (unless said otherwise: the day they were last reviewed) with their sources."""
    from dataclasses import asdict
    from typing import get_args

    from gestand.law.profile import LAW_REVIEWED, Topic, rules

    day = LAW_REVIEWED if on is None else _day(on)
    if topic is not None and topic not in get_args(Topic):
        raise UsageError("law-topic", f"'{topic}' is no topic", remedy=f"Choose from: {', '.join(get_args(Topic))}.")
    found = [rule for rule in rules(on=day) if topic in {None, rule.topic}]
    if json_:
        emit(
            {
                "on": day.isoformat(),
                "reviewed": LAW_REVIEWED.isoformat(),
                "rules": [json.loads(json.dumps(asdict(rule), default=date.isoformat)) for rule in found],
            }
        )
        return 0
    say(f"Rules on {day.isoformat()}; the law was last reviewed on {LAW_REVIEWED.isoformat()}.")
    for rule in found:
        say(f"\n{rule.id}  [{rule.topic}, {rule.status}, {'verified' if rule.verified else 'not verified'}]")
        say(f"  {rule.title}")
        say(f"  {', '.join(rule.articles)}")
        say(f"  {rule.source}{_between(rule.valid_from, rule.valid_to)}")
    return 0


def _between(first: date | None, last: date | None) -> str:
    since = f"; from {first.isoformat()}" if first else ""
    return f"{since}; up to and including {last.isoformat()}" if last else since


def _today() -> str:
    from gestand.kernel.clock import local_date, system_clock

    return local_date(system_clock()).isoformat()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "date", f"'{text}' is no date: {error}", where="--on", remedy="Write year-month-day."
        ) from None


def _facts(given: list[str] | None) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for fact in given or ():
        name, equals, value = fact.partition("=")
        if not equals or not name:
            raise UsageError("law-fact", f"'{fact}' is no fact", where="--fact", remedy="Write NAME=VALUE.")
        if name in facts:
            raise UsageError("law-fact", f"'{name}' is given twice", where="--fact", remedy="Give each fact once.")
        try:
            facts[name] = json.loads(value)
        except (ValueError, RecursionError):  # no JSON: the words as they stand
            facts[name] = value
    return facts


def _ask(topic: str, question: dict[str, Any], *, subject: str | None, batch: bool, as_json: bool) -> int:
    module = importlib.import_module(f"gestand.law.{topic}_questions")
    answering: Answering = module.answer
    if batch:
        answer_lines(sys.stdin.buffer, sys.stdout, answering)
        return 0
    known = ", ".join(getattr(module, "SUBJECTS", ()))
    if subject is None:
        raise UsageError(
            "law-question",
            "a question, or --batch, is missing",
            remedy=f"Ask one (see 'gestand law {topic} --help'). Known here: {known}.",
        )
    answer = answering(question)
    if as_json:
        emit(answer)
    else:
        _explain(answer)
        if topic != "breach" and answer.get("needs_judgement") and subject not in module.SUBJECTS:
            say(f"Known here: {known}.")
    return 1 if answer.get("needs_judgement") else 0


def _explain(answer: dict[str, Any]) -> None:
    """Write an answer for a person: the Dutch words first, then why, then every part by its name."""
    judging = bool(answer.get("needs_judgement"))
    if judging:
        say(TO_JUDGE)
        for lack in answer.get("missing") or ():
            say(f"  - {lack}")
        for fact in answer.get("unknown") or ():
            say(f"  - not understood: {fact}")
    for words in filter(None, (answer.get("nl"), answer.get("why"))):
        say(str(words))
    said = SAID_FIRST | ({"reasons"} if answer.get("why") else set())
    for name, value in answer.items():
        if name not in said and not (judging and name in FINDINGS and not value):
            _part(name.replace("_", " "), value)
    if answer.get("verified") is False and (answer.get("rule") or answer.get("rules")):
        say(UNREAD)
    say(NOT_A_FINDING)


def _part(words: str, value: object) -> None:
    """Write one part of an answer; what is empty or a record of its own is left to ``--json``."""
    if isinstance(value, list):
        said = "; ".join(map(str, value))
    elif isinstance(value, bool):
        said = "yes" if value else "no"
    else:
        said = "" if value is None or isinstance(value, dict) else str(value)
    if said:
        say(f"{words}: {said}")
