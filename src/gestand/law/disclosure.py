"""Someone demands data: give, or refuse and say what is missing; how little to give, and who may not be told.

The order: can the demand be read at all → who asks and is that verified → is there a power, and is it theirs → is its
form right → which of the data does it reach. Every reason to refuse is listed, not only the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gestand.law.breach_words import Kind, kind_of
from gestand.law.disclosure_facts import Asker, DisclosureFacts, Power, read_disclosure
from gestand.law.disclosure_rules import BY_ID, POWERS, RULES
from gestand.law.profile import Rule

__all__ = ["RULES", "DisclosureJudgement", "judge", "read_disclosure"]

FUTURE_WEEKS = 4
_IDENTIFYING = re.compile(
    r"name|address|residence|postcode|date of birth|birth date|birthdate|gender|\bsex\b|customer (?:number|id)|account number|"
    r"naam|adres|woonplaats|geboortedatum|geslacht|klantnummer|rekeningnummer|administrative"
)
_NOT_IDENTIFYING = re.compile(r"e-?mail|\bip\b|record|content|message|invoice|history|log")
_PICTURES = re.compile(r"photo|picture|passport|identity|\bid[- ]?(?:copy|card)|foto|paspoort|identiteits")
_WHOLESALE = re.compile(r"complete|everything|\ball\b|whole|entire|just to look|volledig|alles|hele")
_WAGES = re.compile(r"employee|wage|salar|loon|werknemer")


@dataclass(frozen=True, slots=True)
class DisclosureJudgement:
    """The answer to a demand.

    ``give`` and ``withhold`` sort the kinds asked for, in the demand's own words; empty ``give`` with ``disclose`` means
    what the demand names and no more. ``tell_customer`` is ``False`` where secrecy binds us and ``None`` where nothing
    forbids it. ``ask_for`` is what the asker would have to bring.
    """

    disclose: bool
    give: tuple[str, ...]
    withhold: tuple[str, ...]
    confidential: bool
    tell_customer: bool | None
    record_weeks: int | None
    reasons: tuple[str, ...]
    ask_for: tuple[str, ...]
    must_do: tuple[str, ...]
    articles: tuple[str, ...]
    debatable: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def needs_judgement(self) -> bool:
        """Whether a person must look before anything is answered."""
        return bool(self.missing or self.unknown)


@dataclass(slots=True)
class _Draft:
    """What is collected on the way: every refusal with its remedy."""

    rules: list[str]
    refusals: list[str]
    ask_for: list[str]
    must_do: list[str]
    debatable: list[str]
    missing: list[str]

    def refuse(self, reason: str, ask: str = "", *rules: str) -> None:
        self.refusals.append(reason)
        if ask:
            self.ask_for.append(ask)
        self.rules.extend(rules)


def judge(facts: DisclosureFacts) -> DisclosureJudgement:
    """Judge one demand for data of others."""
    draft = _Draft([], [], [], [], [], [])
    if facts.unknown:
        draft.refuse(f"part of the demand could not be read: {', '.join(facts.unknown)}", "", "unknown-is-no")
    if facts.asker is Asker.OURSELVES:
        _own_report(facts, draft)
        return _close(facts, draft, give=facts.wanted, withhold=())
    _who(facts, draft)
    give = facts.wanted
    withhold: tuple[str, ...] = ()
    if facts.asker in {Asker.PRIVATE, Asker.FOREIGN}:
        _powerless(facts, draft)
    elif facts.power is None:
        draft.refuse(
            "no article of law is named, so there is no duty, and we are not free to give data of our customers",
            "a demand in writing that names the article, the person, the data and the term",
            "no-demand",
        )
    else:
        _power(facts, facts.power, draft)
        give, withhold = _reach(facts, facts.power, draft)
    return _close(facts, draft, give=give, withhold=withhold)


def _who(facts: DisclosureFacts, draft: _Draft) -> None:
    draft.rules.append("identity")
    if facts.identity_checked is False:
        draft.refuse("it is not verified who asks", "nothing yet: call back through a number found elsewhere")
    elif facts.identity_checked is None:
        if facts.free_mail:
            draft.refuse("the document came from a private mail address", "the demand from an official address")
        draft.must_do.append(
            "verify who asks by calling back through a number found elsewhere, before anything is given"
        )
    if facts.by_phone and facts.power is None:
        draft.refuse("a question by telephone is no demand", "the demand in writing")


def _powerless(facts: DisclosureFacts, draft: _Draft) -> None:
    if facts.asker is Asker.FOREIGN:
        draft.refuse(
            "a foreign authority has no power here; what it needs comes as a demand of the Dutch prosecutor",
            "a demand by the Dutch prosecutor (mutual assistance or a European order)",
            "foreign",
        )
        draft.debatable.append(
            "a production order under Regulation (EU) 2023/1543, in force since 18-8-2026, may bind who hosts for others: get advice"
        )
    else:
        draft.refuse(
            "who asks has no power to demand data of others",
            "consent of the person, or an order of a court; offer to pass a message on instead",
            "private",
        )


def _own_report(facts: DisclosureFacts, draft: _Draft) -> None:
    draft.rules.append("own-report")
    if facts.own_victim and facts.reporting:
        draft.must_do.append("report the facts the police need to understand the crime, nothing more")
        return
    draft.refuse(
        "handing over data unasked is only open to who reports a crime as its victim",
        "a demand, if we are not the victim",
    )
    draft.missing.extend(
        name for name, fact in (("own_victim", facts.own_victim), ("aangifte", facts.reporting)) if fact is None
    )


def _power(facts: DisclosureFacts, power: Power, draft: _Draft) -> None:
    row = POWERS[power]
    draft.rules.append(row.rule)
    if facts.asker is not Asker.UNSPECIFIED and facts.asker not in row.holders:
        holders = " or ".join(sorted(row.holders))
        draft.refuse(f"this power belongs to a {holders}, not to a {facts.asker}", f"a demand by a {holders}")
    elif facts.asker is Asker.UNSPECIFIED and not facts.we_are_suspect:
        draft.refuse("it is not said which authority asks", "the name and office of who asks")
        draft.missing.append("authority")
    if facts.signed_by_police and Asker.POLICE not in row.holders:
        draft.refuse("it is signed by the police alone", "the signature of the public prosecutor")
    if power.criminal:
        draft.rules.append("secrecy")
        _form(facts, draft, oral_if_urgent=row.oral_if_urgent)
        if facts.we_are_suspect:
            draft.refuse("we are the suspect: such a demand cannot be made of a suspect", "", "suspect")
            draft.must_do.append("get a lawyer before answering anything")
    elif facts.written is False:
        draft.refuse("it is not in writing", "the demand in writing")
    _own_conditions(facts, power, draft)


def _form(facts: DisclosureFacts, draft: _Draft, *, oral_if_urgent: bool) -> None:
    spoken = facts.oral or facts.written is False
    if spoken and facts.written is not True:
        if oral_if_urgent and facts.oral and facts.urgent:
            draft.must_do.append("write down the spoken demand; it must follow in writing within three days")
        else:
            draft.refuse("it is not in writing and no urgent spoken demand of a prosecutor", "the demand in writing")
    elif facts.written is None:
        draft.must_do.append("have the written demand in hand before anything is given")


def _own_conditions(facts: DisclosureFacts, power: Power, draft: _Draft) -> None:
    """Judge what one power alone asks for."""
    if power is Power.SV_126NF and facts.magistrate is not True:
        draft.refuse(
            "the authority of the examining magistrate is not shown", "the machtiging of the rechter-commissaris"
        )
        draft.missing.extend(["machtiging_rc"] if facts.magistrate is None else [])
    if power is Power.AWR_47 and (facts.own_tax is False or (facts.third_party_tax and not facts.own_tax)):
        draft.refuse("article 47 reaches our own taxes only", "a demand under AWR 53 for the taxes of others")
    if power is Power.AWR_53 and facts.third_party_tax is False:
        draft.refuse(
            "article 53 is about the taxes of others, and this is not", "a demand that names its article rightly"
        )
    if power is Power.RV_475G and (facts.about is None or not _WAGES.search(facts.about.lower())):
        draft.refuse("a bailiff may ask what we pay to someone, such as wages; this is not that", "a court order")
        draft.missing.extend(["about"] if facts.about is None else [])
    if power is Power.PW_64 and facts.listed_body is not True:
        draft.refuse("we are not shown to be a body that article 64 names", "the part of article 64 that names us")
        draft.missing.extend(["listed_body"] if facts.listed_body is None else [])
    if facts.asks is not None and _WHOLESALE.search(facts.asks.lower()):
        draft.must_do.append(
            "ask which persons, data and period are needed; a whole file is not given where a part will do"
        )


def _reach(facts: DisclosureFacts, power: Power, draft: _Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort the kinds asked for into what the power reaches and what it does not."""
    within = tuple(words for words in facts.wanted if _within(power, words.lower()))
    beyond = tuple(words for words in facts.wanted if words not in within)
    if any(_PICTURES.search(words.lower()) for words in beyond):
        draft.rules.append("photos")
        draft.debatable.append("photographs and identity copies need 126nf according to case law known at second hand")
    if beyond:
        need = "126nd of the prosecutor" if power is Power.SV_126NC else "126nf with the examining magistrate"
        draft.ask_for.append(f"for {', '.join(beyond)}: a demand under {need}")
        if not within:
            draft.refusals.append("none of the data asked for can be demanded under this article")
    if power in {Power.SV_126ND, Power.SV_126NE}:
        draft.must_do.append("take special categories out of every record before it is given")
    return within, beyond


def _within(power: Power, words: str) -> bool:
    if power is Power.SV_126NC:
        return _IDENTIFYING.search(words) is not None and _NOT_IDENTIFYING.search(words) is None
    if power in {Power.SV_126ND, Power.SV_126NE}:
        return kind_of(words) is not Kind.SPECIAL and _PICTURES.search(words) is None
    return True


def _weeks(facts: DisclosureFacts, draft: _Draft) -> int | None:
    """Return how many weeks of later data are given, at most four."""
    if facts.power is not Power.SV_126NE:
        return None
    named = next(
        (match for words in facts.wanted if (match := re.search(r"(\d+)\s*(?:weeks?|weken)", words.lower()))), None
    )
    if named is None:
        draft.must_do.append("keep to the period the demand names, at most four weeks, and write down its end")
        return FUTURE_WEEKS
    if int(named[1]) > FUTURE_WEEKS:
        draft.must_do.append("give no longer than four weeks without a new demand")
    return min(int(named[1]), FUTURE_WEEKS)


def _close(
    facts: DisclosureFacts, draft: _Draft, *, give: tuple[str, ...], withhold: tuple[str, ...]
) -> DisclosureJudgement:
    disclose = not draft.refusals
    secret = facts.power is not None and facts.power.criminal
    weeks = _weeks(facts, draft) if disclose else None
    if disclose:
        draft.rules.append("minimum")
        draft.must_do.append("give what the demand names and no more")
    draft.must_do.append(
        "write down: date, document, article, who decided, what was given or refused, and until when that is kept"
    )
    if secret:
        draft.must_do.append(
            "tell no one, the person concerned included, also not in an answer to an access request (126bb(5))"
        )
    applied = tuple(BY_ID[f"disclosure-{name}"] for name in dict.fromkeys(draft.rules))
    granted = "the demand names its article, and who asks holds that power"
    own = "we report a crime of which we are the victim"
    return DisclosureJudgement(
        disclose=disclose,
        give=give if disclose else (),
        withhold=withhold if disclose else facts.wanted,
        confidential=secret,
        tell_customer=False if secret else None,
        record_weeks=weeks,
        reasons=tuple(draft.refusals) or ((own if facts.asker is Asker.OURSELVES else granted),),
        ask_for=tuple(dict.fromkeys(draft.ask_for)),
        must_do=tuple(dict.fromkeys(draft.must_do)),
        articles=tuple(dict.fromkeys(article for rule in applied for article in rule.articles)),
        debatable=(*draft.debatable, *(rule.title for rule in applied if rule.id == "disclosure-475g")),
        missing=tuple(draft.missing),
        unknown=facts.unknown,
        rules=applied,
    )
