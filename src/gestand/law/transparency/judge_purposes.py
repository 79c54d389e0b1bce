"""Why data are used, on which basis, for which interest, and which data: L05 to L08 and L26 (Articles 13(1)(c), (d), 14(1)(d))."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gestand.law.transparency.cues import NOT_OWN, Statement
from gestand.law.transparency.model import Status, Verdict
from gestand.law.transparency.passages import Passage
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary import BASES, CONSENT_AS_BASIS, MARKETING, OPEN_END
from gestand.law.transparency.vocabulary_lists import DATA, PURPOSES
from gestand.law.transparency.wording import words

_NOT_USE = NOT_OWN | {Topic.RIGHTS, Topic.COOKIES, Topic.FOOTER}
_USE = words(
    r"\bdoel(?:en|einden?)?\b|waarvoor|waarom|gebruik(?:en|t|te)?\b.{0,160}\b(?:voor|om)\b",
    r"(?:verwerk|verzamel|nodig|vragen)\w*\b.{0,160}\b(?:voor|om|ten behoeve)\b",
    r"^om\b.{0,120}(?:verwerk|gebruik|verzamel|hebben (?:wij|we))|grondslag|rechtsgrond|purpose|\bwhy\b",
    r"\bus(?:e|es|ed|ing)\b.{0,160}\b(?:to|for)\b",
    r"(?:process|collect|need|ask)\w*\b.{0,160}\b(?:to|for|in order)\b|what we (?:do|use)|how we use",
    r"legal basis|lawful basis",
)
_NOT_PURPOSE = words(
    r"ontvangers?\b|overeenkomst gesloten|afmeld|unsubscrib|recipient|klacht indienen|complaint with|verkregen",
    r"obtained|serverlogs?\b|server logs?|buiten de|outside the|processing agreement|beveiligen uw|zonder deze",
    r"niet verplicht|not obliged|without (?:these|them)|versleutel|encrypt|schakelen|verwerkers?\b|processors?\b",
    r"recht (?:op|om|van)\b|right (?:to|of)\b|bezwaar|\bobject\b|\bwithdraw|intrekken|identiteit|identity",
    r"wijziging\w* (?:van|in) deze|changes? to this|ons (?:gerechtvaardigd )?belang is|our (?:legitimate )?interest is",
    r"toestemming gaf|gave consent|met uw toestemming bellen|verzoek (?:om|tot|indien)|uw verzoek|een verzoek\b|a request\b",
)
_KEPT_OR_SHARED = words(
    r"\bderden\b|verstrek|\bdelen\b|\bbewaren\b|bewaard|bewaartermijn|\bshare|third part|disclos|\bkeep\b|\bkept\b|retain",
)
_USED_FOR = words(
    r"in order to\b|\bom .{0,60}\bte \w{3,20}en\b",
    r"(?:gebruik|verwerk)\w*\b.{0,60}\b(?:om|voor|ten behoeve)\b|\bdoel(?:en|einden)?\b",
    r"\b(?:us|process)(?:e|ed|es|ing)?\b.{0,60}\b(?:to|for)\b|purposes?\b",
)
_DISCLOSING = words(
    r"politie|\bpolice\b|\bhand(?:ed|s)? over\b|geven (?:wij|we) .{0,30}gegevens",
    r"\bderden\b|verstrek|\bdelen\b|gedeeld|doorg|third part|\bshare|disclos|aan anderen|bewa(?:ar|ren)\b",
    r"retain|\bkeep\b(?!.{0,40}\b(?:safe|secure|running)\b)|\bkept\b|bezwaar|\bobject|in(?:ge)?trek|withdraw|\bouders?\b|parent|jonger|under 1\d",
    r"\bcookie|overdraag|portab|recht op|right to|verwijder|wissen|\beras|\bdelet",
)
_SALES_CALL = words(r"\bbel(?:len|t)\b|\bgebeld|\bcall(?:s|ed)?\b|\bphone you")
_BASIS_NAMED = words(
    r"(?:lawful|legal) bases|grondslag|rechtsgrond|legal basis|lawful basis|legal ground|op basis van|op grond van|based on|basis for"
)
_ONLY_MARKETING = words(MARKETING.pattern, r"\bbellen\b", r"\bcall", r"cookie", r"foto", r"photo")
_PURPOSE_ABOVE = words(
    r"\bdoel(?:en|einden?)?\b|waarvoor|waarom|purposes?\b|\bwhy\b|what for|how we use|what we use .{0,20}for"
)
_STARTS_AS_DEED = words(r"^(?:to|om) \w{2,20}\b")
_OTHER_PURPOSES = words(
    r"\bany other purposes?\b|\bother purposes (?:described|disclosed|as|we)|(?:andere|overige) doeleinden (?:die|waarvoor|zoals)"
)
_BASIS_ALONE = words(
    r"^(?:om|to) .{0,40}(?:verplichting|overeenkomst|taak|belang|obligation|contract|task|interest)\w{0,4}\b.{0,30}$"
)
_EXAMPLED = words(r"(?:e\.g\.|for example|for instance|bijv\.|bijvoorbeeld),? (?:to|om) \w")
_NEEDED_FOR = words(
    r"(?:nodig|gebruik\w*|verwerk\w*) .{0,20}\bom\b|\b(?:need|use|process|keep)\b.{0,80}\b(?:in order )?to\b"
)
_DEED = re.compile(
    r"\bte (\w{3,20}en)\b|\bto (?!the\b|a\b|an\b|you\b|your\b|us\b|our\b|be\b)(?:\w{3,20})\b", re.IGNORECASE
)
_GENERAL_PURPOSE = words(r"\bdienst|\bservice|\bklant|\bcustomer|\bproduct")
_BY_LETTER = words(r"\bonder \(?[a-z1-9]\)?[ ,)]|\bunder \(?[a-z1-9]\)?[ ,)]")
_CHUNK = re.compile(r";(?! (?:dat|dit|that|this) (?:is|doen|berust|rests))|\),|\. ")
_INTEREST_NAMED = words(
    r"\b(?:ons|onze|dit|dat|het|een|mijn) (?:gerechtvaardigde? )?(?:zakelijke? )?belang(?:en)? (?:is|zijn|bestaat|ligt|daarbij|hierbij|bij|om|in|van|hierin|daarin)\b",
    r"belang(?:en)?[ ,:;(-]{1,3}(?:namelijk|te weten|is|zijn|om|bij|het|dat|van|in)\b",
    r"belang(?:en)?\)? ?[:(-] ?\w{4}|belangenafweging",
    r"\bour (?:legitimate )?(?:business )?interests? (?:is|are|in|here|lies|of|to)\b",
    r"interests? (?:in|is|are|of|to)\b (?!you)|interests?[ ,:;(-]{1,3}(?:namely|which|being|such|in|to|is)\b",
    r"interests?\)? ?[:(-] ?\w{4}|balancing test",
)
_INTEREST_CONCRETE = words(
    r"beveilig|fraude|misbruik|veiligheid|incasso|invorder|verbeter|bedrijfsvoering|storing|diefstal",
    r"vandalisme|bescherm(?:en|ing) van (?:ons|onze|eigendom)|aanval",
    r"goed(?:e)? (?:te )?(?:kunnen )?(?:functioneren|werking|bestuur)|promot(?:en|ie)|direct marketing",
    r"zichtbaarheid|relatie|secur(?:e|ing|ity)|fraud|abuse|safety|theft|debt|improv|running our|understand",
    r"protect(?:ing)? our|attack|grow(?:ing)? our|administer|defend",
)
_LIST_LEAD = words(
    r"bewaren (?:wij|we)\?|(?:slaan|leggen) (?:wij|we) .{0,20}(?:op|vast)\b|\bstore\b",
    r"\bvragen\b|\bvul|krijg|noteer|noteren|schrijven|\bnote\b|\brecord|\bask\b|write down|\bholds?\b|\bhebben\b",
    r"gegevens|\bdata\b|information|informatie|verwerk|verzamel|process|collect|details",
)
_OPEN_LEAD = words(
    OPEN_END.pattern,
    r"(?:persoons)?gegevens,? (?:zoals|waaronder)",
    r"personal (?:data|information),? (?:such as|including|like)",
    r"(?:data|information|gegevens) (?:zoals|such as|including|like)\b",
)
_NOT_OWN_LIST = words(r"bewa(?:ar|ren|ard)|\bkept\b|derden|third part|ontvangers|recipients|\bdelen\b")
_NOT_DATA_LIST = words(
    r"logbestand|web ?server|\blogs\b|log ?files?",
    r"(?:obtain|receiv|ontvangen|krijgen|gekregen|verkregen)\w{0,4} .{0,80}\b(?:from|van|uit|via)\b",
    r"bewa(?:ar|ren|ard)|retain|\bkept\b|\bkeep\b|verwijder|delet|inzage|verzoek|request|klacht|complain",
    r"contact (?:op|us|met)|postadres:|bereik(?:t|baar)|reach us|wijzig|derden|third part|\brecht\b|\bright\b",
    r"identiteit|identity check|kopie|\bcopy\b|obtained from|verkregen|handelsregister|serverlogs|server logs",
    r"zonder (?:deze|uw|je)|without (?:your|this|these)|ontvangers|recipient|\bdelen\b|\bshare",
)


def purposes(statement: Statement) -> Verdict:
    """Judge L05: purposes told as purposes of this organisation; one alone, or only "our services", is partial."""
    best: tuple[int, str] = (0, "")
    seen: set[str] = set()
    vague = ""
    for group in _blocks(statement, _NOT_USE):
        for passage in group:
            if _NOT_PURPOSE.search(passage.text) or (
                _KEPT_OR_SHARED.search(passage.text) and not _USED_FOR.search(passage.text)
            ):
                continue
            kinds = {kind for kind, pattern in PURPOSES.items() if pattern.search(passage.text)}
            kinds |= _told_as_verbs(passage)
            if not (_USE.search(passage.scope) or (kinds and bases_in(f"{passage.lead} | {passage.text}"))):
                continue
            if kinds:
                seen |= kinds
                best = max(best, (len(kinds), passage.raw), key=lambda pair: pair[0])
            elif not vague and _USE.search(passage.text) and _GENERAL_PURPOSE.search(passage.text):
                vague = passage.raw
    if len(seen) >= 2:
        rest = next((p.raw for p in statement.own(_NOT_USE) if _OTHER_PURPOSES.search(p.text)), "")
        return Verdict(Status.PRESENT_OPEN, rest) if rest else Verdict(Status.PRESENT, best[1])
    if seen or vague:
        return Verdict(Status.PARTIAL, best[1] or vague)
    return Verdict(Status.MISSING)


def _told_as_verbs(passage: Passage) -> set[str]:
    """Return the deeds told after "om" or "to", or as the items of a list: purposes in words no list foresees."""
    if (
        passage.kind in {"item", "row"}
        and _PURPOSE_ABOVE.search(f"{passage.heading} | {passage.lead}")
        and len(passage.text.split()) >= 2
    ):
        return {passage.text[:40]}
    if bases_in(passage.text) and _STARTS_AS_DEED.search(passage.text):
        return {passage.text[:40]}
    if not _NEEDED_FOR.search(passage.text):
        return set()
    return {deed.lower() for deed in _DEED.findall(passage.text)}


def bases_in(text: str) -> set[str]:
    """Return the lawful bases of Article 6(1) named in a text; consent only where it stands as a basis."""
    found = {basis for basis, pattern in BASES.items() if basis != "consent" and pattern.search(text)}
    if BASES["consent"].search(text) and CONSENT_AS_BASIS.search(text):
        found.add("consent")
    return found


def _bearing(statement: Statement) -> Iterable[tuple[Passage, set[str]]]:
    for passage in statement.own(_NOT_USE - {Topic.FOOTER}):
        if _SALES_CALL.search(passage.text) or (
            _DISCLOSING.search(passage.text) and not _BASIS_NAMED.search(passage.text)
        ):
            continue
        found = bases_in(passage.text)
        if found:
            yield passage, found


def basis(statement: Statement) -> Verdict:
    """Judge L06: a basis of Article 6 in words, as ground for the own use; only consent for marketing is partial."""
    partial = ""
    for passage, found in _bearing(statement):
        if found != {"consent"} or not _ONLY_MARKETING.search(passage.text) or _BASIS_NAMED.search(passage.text):
            return Verdict(Status.PRESENT, passage.raw)
        partial = partial or passage.raw
    return Verdict(Status.PARTIAL, partial) if partial else Verdict(Status.MISSING)


def pairs(statement: Statement) -> list[tuple[str, str]]:
    """Return what stands mapped: the passage and its basis, for each purpose that has one beside it."""
    found: list[tuple[str, str]] = []
    for passage in statement.own(_NOT_USE):
        if _DISCLOSING.search(passage.text) and not _BASIS_NAMED.search(passage.scope):
            continue
        if _SALES_CALL.search(passage.text):
            continue
        own = bases_in(passage.text)
        lead = bases_in(passage.lead)
        if not own and len(lead) == 1 and passage.kind in {"item", "row"}:
            found.append((passage.raw, next(iter(lead))))
        elif own and (
            _in_table(passage)
            or (
                len(own) == 1
                and passage.kind == "item"
                and _BASIS_NAMED.search(passage.lead)
                and _purposes_in(passage.lead)
            )
            or (len(own) <= 2 and _BASIS_NAMED.search(passage.text) and _purposes_in(passage.heading))
        ):
            found.append((passage.raw, min(own)))
        elif own:
            for chunk in _CHUNK.split(passage.text):
                beside = bases_in(chunk)
                told = (
                    (_STARTS_AS_DEED.search(chunk.strip()) and not _BASIS_ALONE.search(chunk.strip()))
                    or _purposes_in(chunk)
                    or _GENERAL_PURPOSE.search(chunk)
                    or _EXAMPLED.search(chunk)
                )
                if len(beside) == 1 and told and len(own) <= 4:
                    found.append((passage.raw, next(iter(beside))))
    return found


def mapping(statement: Statement) -> Verdict:
    """Judge L07: at least two purposes each with its own basis; one is partial."""
    found = pairs(statement)
    for passage in statement.own(_NOT_USE):
        if len(bases_in(passage.text)) >= 2 and _BY_LETTER.search(passage.text):
            return Verdict(Status.PRESENT, passage.raw)
    if len({raw for raw, _ in found}) >= 2 or len({which for _, which in found}) >= 2:
        return Verdict(Status.PRESENT, found[0][0])
    return Verdict(Status.PARTIAL, found[0][0]) if found else Verdict(Status.MISSING)


def interest(statement: Statement) -> Verdict:
    """Judge L08: asked where a legitimate interest is relied on; the bare words are partial."""
    bare = ""
    for passage in statement.own(NOT_OWN | {Topic.RIGHTS}):
        named = BASES["legitimate_interests"].search(passage.text)
        led = BASES["legitimate_interests"].search(passage.lead)
        if _DISCLOSING.search(passage.text) and not named:
            continue
        own_interest = re.search(
            r"\b(?:ons|onze|our) (?:zakelijke |business )?(?:belang|interest)", passage.text, re.IGNORECASE
        )
        if (named or own_interest) and (
            _INTEREST_NAMED.search(passage.text) or _INTEREST_CONCRETE.search(passage.text)
        ):
            return Verdict(Status.PRESENT, passage.raw)
        if led and _INTEREST_CONCRETE.search(passage.text):
            return Verdict(Status.PRESENT, passage.raw)
        if named and not bare and not re.search(r"bezwaar|object", passage.text, re.IGNORECASE):
            bare = passage.raw
    return Verdict(Status.PARTIAL, bare) if bare else Verdict(Status.NOT_REQUIRED)


def categories(statement: Statement) -> Verdict:
    """Judge L26: a list of the data themselves; open where it is introduced as a list of examples."""
    best: tuple[int, str, bool] = (0, "", False)
    for group in _blocks(statement, NOT_OWN | {Topic.FOOTER, Topic.COOKIES, Topic.RIGHTS}):
        told = [p for p in group if not _NOT_DATA_LIST.search(p.text) or _many(p.text)]
        text = " ; ".join(p.text for p in told)
        kinds = {kind for kind, pattern in DATA.items() if pattern.search(text)}
        lead = group[0].lead
        if len(kinds) < 2 or not _LIST_LEAD.search(f"{group[0].heading} | {lead} | {text}"):
            continue
        is_open = bool(
            _OPEN_LEAD.search(lead)
            or (group[0].kind == "sentence" and _OPEN_LEAD.search(text))
            or OPEN_END.search(told[-1].text)
        )
        if len(kinds) > best[0]:
            best = (len(kinds), f"{lead} {text}".strip() if lead else told[0].raw, is_open)
    if not best[0]:
        return Verdict(Status.MISSING)
    return Verdict(Status.PRESENT_OPEN if best[2] else Status.PRESENT, best[1])


def _many(text: str) -> bool:
    """Say whether a passage names so many kinds of data that it is a list of them, whatever else it says."""
    return sum(pattern.search(text) is not None for pattern in DATA.values()) >= 4 and not _NOT_OWN_LIST.search(text)


def _in_table(passage: Passage) -> bool:
    return passage.kind == "row" and " | " in passage.text


def _purposes_in(text: str) -> bool:
    return any(pattern.search(text) for pattern in PURPOSES.values())


def _blocks(statement: Statement, outside: frozenset[Topic]) -> Iterable[list[Passage]]:
    """Give the items of one list together, and every sentence alone."""
    group: list[Passage] = []
    for passage in statement.own(outside):
        together = (
            group
            and passage.kind in {"item", "row"}
            and group[-1].kind == passage.kind
            and group[-1].lead == passage.lead
            and group[-1].section == passage.section
        )
        if group and not together:
            yield group
            group = []
        group.append(passage)
    if group:
        yield group
