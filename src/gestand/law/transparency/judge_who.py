"""Who is responsible and where to reach them: L01 and L02 (Article 13(1)(a))."""

from __future__ import annotations

import re

from gestand.law.transparency.cues import NOT_OWN, Statement
from gestand.law.transparency.model import Status, Verdict
from gestand.law.transparency.names import CONTROLLER, controller_name, runs
from gestand.law.transparency.passages import Passage, around
from gestand.law.transparency.vocabulary import ADDRESS, AUTHORITY, AUTHORITY_PLACE, EMAIL
from gestand.law.transparency.wording import words

_US = words(r"\bwij\b|\bwe\b|\bik\b|\bI am\b|\bons\b")
_NOT_US = words(
    r"^(?:als|indien|wanneer|if|where|when) (?:wij|we)\b",
    r"niet (?:zelf )?(?:de )?(?:verwerkings)?verantwoordelijk",
    r"not (?:the )?(?:data )?(?:controller|responsible)",
    r"(?:klant|opdrachtgever|afnemer|school|client|customer)\w{0,3} (?:zelf )?(?:is|zijn|blijft|are|remains?) (?:the |de )?(?:data )?(?:controller|verwerkingsverantwoordelijke)",
    r"behalf of (?:the |our )?(?:\w{1,12} )?controller|bij de verwerkingsverantwoordelijke",
)
_OWN_KIND = words(
    r"\b(?:de|het|onze|the|our) (?:bestuur|college|raad|directie|stichting|vereniging|school|praktijk|gemeente|vennootschap|kantoor|coöperatie|maatschap|foundation|association|charity|company|practice|council)\b.{0,60}\b(?:is|zijn)\b"
)
_SELF = words(r"\b(?:ik ben|mijn naam is|wij zijn|i am|i'm|we are|my name is) (?=\w)")
_PROCESSOR = words(r"als verwerker\b|\bas (?:a |the )?(?:data )?processor")
_WHO = words(
    r"wie (?:zijn wij|we zijn|is|wij zijn)|who we are|about us|over ons|contactgegevens|bedrijfsgegevens",
    r"colofon|company details|our details|\bidentity\b|verwerkingsverantwoordelijke|\bcontroller\b",
)
_REGISTERED = words(r"\bKvK\b|Kamer van Koophandel|Chamber of Commerce|company number|registered (?:in|charity|office)")
_COMPANY = words(
    r"gevestigd|handelend onder|\bKvK\b|Kamer van Koophandel|registered (?:office|in|at)|trading as",
    r"established (?:in|at)|based (?:in|at)|company number",
)


def controller(statement: Statement) -> Verdict:
    """Judge L01: a name beside "verwerkingsverantwoordelijke"; a name with only a company block is partial."""
    name = controller_name(statement)
    lower = {token.strip(".,;:()") for token in statement.whole.split() if token[:1].islower()}
    own = [p for p in statement.passages if p.topic not in NOT_OWN and not _NOT_US.search(p.text)]
    for passage in own:
        if not CONTROLLER.search(passage.text):
            continue
        named = (name and _mentions(passage.text, name)) or any(runs(passage, lower))
        if named or (name and _US.search(passage.text)) or _OWN_KIND.search(passage.text):
            return Verdict(Status.PRESENT, passage.raw)
        if passage.kind == "heading" or passage.text.endswith(":"):
            after = [p for p in statement.passages[passage.number + 1 : passage.number + 3] if p.kind != "heading"]
            if name and any(_mentions(p.text, name) for p in after):
                return Verdict(Status.PRESENT, after[0].raw)
    return _only_a_name(statement, own, name, lower)


def _only_a_name(statement: Statement, own: list[Passage], name: str, lower: set[str]) -> Verdict:
    """Judge a statement that names nobody as controller: a name with a company block is partial."""
    for passage in own:
        if CONTROLLER.search(passage.text) and _US.search(passage.text):
            return Verdict(Status.PARTIAL, passage.raw)
    for passage in statement.passages[:12]:
        if _SELF.search(passage.text) and any(runs(passage, lower)):
            return Verdict(Status.PARTIAL, passage.raw)
    for passage in statement.passages:
        if name and _mentions(passage.text, name) and _has_block(statement, passage):
            return Verdict(Status.PARTIAL, passage.raw)
    for passage in own:
        named = next(runs(passage, lower), None)
        block = _REGISTERED.search(passage.text) or (len(passage.text) < 80 and ADDRESS.search(passage.text))
        if (
            named
            and " " in named.name
            and block
            and passage.text.startswith(named.name)
            and not AUTHORITY.search(passage.text)
        ):
            return Verdict(Status.PARTIAL, passage.raw)
    return Verdict(Status.MISSING)


def _mentions(text: str, name: str) -> bool:
    return name.lower() in text.lower()


def _has_block(statement: Statement, passage: Passage) -> bool:
    if _PROCESSOR.search(passage.text):
        return True
    if passage.kind == "heading":
        return False
    following = statement.passages[passage.number + 1 : passage.number + 3]
    address_below = len(passage.text) < 60 and any(
        ADDRESS.search(p.text) for p in following if p.section == passage.section
    )
    return bool(
        _COMPANY.search(passage.text) or ADDRESS.search(passage.text) or address_below or _WHO.search(passage.heading)
    )


def contact(statement: Statement) -> Verdict:
    """Judge L02: an e-mail address and a postal address of the controller; the authority's own do not count."""
    addresses = found_addresses(statement)
    emails = _found(statement, EMAIL)
    if addresses and emails:
        return Verdict(Status.PRESENT, addresses[0].raw)
    if addresses or emails:
        return Verdict(Status.PARTIAL, (addresses or emails)[0].raw)
    return Verdict(Status.MISSING)


def found_addresses(statement: Statement) -> list[Passage]:
    """Return the passages that hold a postal address of the organisation, in the order of the text."""
    return _found(statement, ADDRESS)


def found_emails(statement: Statement) -> list[str]:
    """Return the e-mail addresses of the organisation, in the order of the text."""
    return [
        hit[0]
        for passage in _found(statement, EMAIL)
        for hit in EMAIL.finditer(passage.text)
        if not AUTHORITY_PLACE.search(hit[0])
    ]


def _found(statement: Statement, pattern: re.Pattern[str]) -> list[Passage]:
    found = []
    for passage in statement.passages:
        hit = pattern.search(passage.text)
        if (
            hit
            and not AUTHORITY_PLACE.search(passage.text[max(0, hit.start() - 60) : hit.end() + 30])
            and not _of_authority(statement, passage, hit.start())
        ):
            found.append(passage)
    return found


def _of_authority(statement: Statement, passage: Passage, at: int) -> bool:
    """Say whether the address stands after the name of the authority, closer than the organisation's own words."""
    if AUTHORITY.search(passage.text[max(0, at - 80) : at]):
        return True
    before = [
        p for p in statement.passages[max(0, passage.number - 3) : passage.number] if p.section == passage.section
    ]
    short = [p for p in before if len(p.text) < 60]
    return any(AUTHORITY.search(p.text) for p in short) and not re.search(
        r"\b(?:wij|ons|we|us)\b", around(statement.passages, passage, 1), re.IGNORECASE
    )
