"""The name of the organisation, read from its statement: no list of names, only how a name stands in a text.

A run of capitalised words earns weight where it stands beside a verb of conduct, in the title, with a legal form, or
near "verwerkingsverantwoordelijke"; laws, authorities, months and well-known suppliers earn none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gestand.law.transparency.cues import Statement
from gestand.law.transparency.passages import Passage
from gestand.law.transparency.topics import Topic
from gestand.law.transparency.vocabulary import ADDRESS, EMAIL
from gestand.law.transparency.wording import words

_CONNECTORS_TEXT = "van de der den het voor en of the for and in te 't op aan &"
_CONNECTORS = frozenset(_CONNECTORS_TEXT.split())
_LEGAL_FORM = words(
    r"\bB\.?V\.?(?=$|\W)|\bN\.?V\.?(?=$|\W)|\bV\.?O\.?F\.?(?=$|\W)|\bstichting\b|\bvereniging\b|\bcoöperatie\b",
    r"\bgemeente\b|\bmaatschap\b|\bLtd\b|\bLimited\b|\bInc\b|\bLLC\b|\bplc\b|\bGmbH\b|\bCIC\b|\bfoundation\b",
    r"\btrust\b|\bassociation\b|\bsociety\b|\bcouncil\b",
)
_SUFFIX = words(r"(?:B\.?V|N\.?V|V\.?O\.?F)\.?[,)]?$|\b(?:Ltd|Limited|Inc|LLC|plc|GmbH|CIC)\.?[,)]?$")
_POSTCODE = words(r"^[1-9]\d{3} (?-i:[A-Z]{2}),?$")
_FORM_TOKEN = words(r"^(?:B\.?V|N\.?V|V\.?O\.?F|U\.?A|Ltd|Limited|Inc|LLC|plc|GmbH|CIC)\.?[,:;*]*$")
_VERBS_TEXT = (
    "is vindt hecht respecteert verwerkt verzamelt gebruikt neemt gaat doet zorgt biedt bewaart legt deelt heeft treedt acht wil hierna gevestigd statutair als "
    "takes respects collects processes values runs operates uses keeps cares acts provides (hierna ('wij' (\"wij\" (we ('we', (\"we\" verstrekt beschermt stelt has does"
)
_VERBS = frozenset(_VERBS_TEXT.split())
_BEFORE = words(
    r"(?:privacy\w*|verklaring|statement|policy|notice|reglement)(?: (?:van|of|for|voor|by))?(?: [-|:])?$",
    r"(?:wij zijn|we are|we're|welkom bij|welcome to|naam|organisatie|bedrijfsnaam|door|by|controller(?: is)?|verwerkingsverantwoordelijke(?: is)?):?$",
    r"©(?: ?20\d\d)?$|diensten van$|services of$",
)
_NOT_A_NAME = words(
    r"^(?:services?|kantoor|company|app|opdrachtgever|betrokkene|dienst|site|B\.?V|N\.?V|Ltd|Limited|Inc|LLC|plc)\.?\*?$|functionaris|\bofficer\b",
    r"persoonsgegevens|\bAVG\b|\bGDPR\b|\bUAVG\b|verordening|regulation|\bwet\b|\bact\b|privacy|cookie",
    r"autoriteit|authorit|commissioner|kamer van koophandel|chamber of|\bkvk\b|\bEER\b|\bEEA\b|\bEU\b|\bIP\b",
    r"companies house|\bBSN\b|\bPDF\b|europ|nederland$|netherlands|verenigde staten|united|google|facebook|microsoft|mailchimp",
    r"mollie|postnl|\b(?-i:AP)\b|\b(?-i:ICO)\b|\b(?-i:FG)\b|\bDPO\b|\bSSL\b|\bTLS\b|handelsregister|belastingdienst|postbus",
    r"p\.?o\.? box",
    r"^(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|may|june|july|august|october)\b",
    r"^[\W\d]+$|\b[1-9]\d{3}\s?[A-Z]{2}\b",
)
_COMMON_TEXT = (
    "de het een wij we u uw je jij jouw deze dit die dat in op bij voor van met na om als wanneer indien door daarnaast ook onze ons er hier hoe wat welke wie waarom versie datum artikel rechten contact vragen klachten doel doelen website webshop "
    "the a an we you your our this that these when if in on at for by with from as to and or how what which who why our it they there please version date contact data personal article rights purpose recht heeft mocht wilt onder tot via per alle alleen geen niet "
    "verwerkingsverantwoordelijke controller inleiding introduction footer bezoekadres postadres adres telefoon e-mail email naam"
)
_COMMON = frozenset(_COMMON_TEXT.split())
CONTROLLER = words(
    r"verwerkings?-?verantwoordelijke?\b|^verantwoordelijke ?:|\bverantwoordelijke (?:in de zin van|als bedoeld|volgens de AVG|\(AVG)",
    r"verantwoordelijke? voor (?:de |het |alle |elke )?(?:\w{1,15} )?(?:verwerk|verzamel|gebruik|persoonsgegevens|uw gegevens|je gegevens)",
    r"bepa(?:alt|len) (?:waarom|waarvoor|hoe|het doel)|\bcontrollers?\b",
    r"responsible for (?:the |how |your |all |any )?(?:processing|use|collect|personal|data|handling|looking after)",
    r"decides? (?:why|how)",
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of capitalised words in a passage, with the word after it and the words before it."""

    name: str
    before: str
    after: str


@lru_cache(maxsize=1)
def controller_name(statement: Statement) -> str:
    """Return the most likely name of the controller, empty if the text has none."""
    lower = {token.strip(".,;:()'\"") for token in statement.whole.split() if token[:1].islower()}
    weights: dict[str, int] = {}
    for passage in statement.passages:
        if passage.topic in {Topic.ELSEWHERE, Topic.DEFINITION}:
            continue
        for run in runs(passage, lower):
            weights[run.name] = weights.get(run.name, 0) + _weight(run, passage, statement)
    if not weights:
        return ""
    total = {name: sum(weight for other, weight in weights.items() if _within(other, name)) for name in weights}
    best = max(total, key=lambda name: (total[name], -len(name)))
    return best if total[best] >= 3 else ""


def runs(passage: Passage, lower: set[str]) -> Iterator[Run]:
    """Give the runs of capitalised words in a passage that can be a name."""
    tokens = passage.text.split()
    at = 0
    while at < len(tokens):
        if not _capital(tokens[at]):
            at += 1
            continue
        end = _end(tokens, at)
        first = at + (1 if at and _POSTCODE.search(f"{tokens[at - 1]} {tokens[at]}") else 0)
        while first < end and _common(tokens, first, end, lower):
            first += 1
        name = " ".join(tokens[first:end]).strip(" ,;:()'\"!?*")
        if not name.endswith((".V.", ".F.", ".A.")):
            name = name.rstrip(".")
        if name and len(name) > 2 and len(name) <= 80 and not _NOT_A_NAME.search(name) and name.lower() not in lower:
            yield Run(name, " ".join(tokens[max(0, first - 4) : first]), tokens[end] if end < len(tokens) else "")
        at = end


def _common(tokens: list[str], at: int, end: int, lower: set[str]) -> bool:
    """Say whether a capitalised word is no part of a name: a common word, or one that only starts the sentence."""
    word = tokens[at].strip("'\"(.,:;").lower()
    if word in {"de", "het", "the", "'t"} and at + 1 < end and _SUFFIX.search(" ".join(tokens[at:end])):
        return False
    return word in _COMMON or (at == 0 and word in lower)


def _end(tokens: list[str], start: int) -> int:
    end = start
    while end < len(tokens) and end - start < 9:
        token = tokens[end]
        if end > start and token.startswith(("(", "*(")):
            break
        if _capital(token):
            end += 1
            if _FORM_TOKEN.search(token):
                break
            if token.endswith((",", ";", ":", ")", "!", "?")) or (token.endswith(".") and len(token) > 4):
                break
        elif token in _CONNECTORS and end + 1 < len(tokens) and _capital(tokens[end + 1]) and end > start:
            end += 1
        else:
            break
    return max(end, start + 1)


def _capital(token: str) -> bool:
    bare = token.lstrip("'\"(")
    return bool(bare) and (bare[0].isupper() or bare == "&") and "@" not in bare


def _weight(run: Run, passage: Passage, statement: Statement) -> int:
    weight = 1 if run.before or " " in run.name else 0
    if run.after in _VERBS or run.after.rstrip(",") in _VERBS:
        weight += 3
    if run.after.startswith(('("', "('", "(hierna", "(hereafter")):
        weight += 3
    if _BEFORE.search(run.before):
        weight += 4
    if _LEGAL_FORM.search(run.name):
        weight += 4
    if CONTROLLER.search(passage.text):
        weight += 5
    if passage.number <= 1 and " " in run.name:
        weight += 2
    following = [
        p.text for p in statement.passages[passage.number + 1 : passage.number + 3] if p.section == passage.section
    ]
    if run.name == passage.text and any(ADDRESS.search(text) or EMAIL.search(text) for text in following):
        weight += 4
    return weight


def _within(short: str, long: str) -> bool:
    return short == long or f" {short} " in f" {long} "
