"""The result of a lint for people: lines for a terminal, and one self-contained page in plain Dutch with English beside.

The page states observations about a text. It never says that a statement or an organisation complies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import escape

from gestand.law.transparency.model import Finding, Level, Report, Sighting, Status

_WORDS_NL = {
    Status.PRESENT: "staat erin",
    Status.PRESENT_OPEN: "staat erin, met een open einde",
    Status.PRESENT_WRONG: "staat erin, maar klopt niet met de wet",
    Status.PARTIAL: "wordt genoemd, maar niet uitgelegd",
    Status.WRONG: "is in strijd met de wet",
    Status.MISSING: "niet gevonden",
    Status.NOT_REQUIRED: "lijkt hier niet nodig",
}
_WORDS_EN = {
    Status.PRESENT: "told",
    Status.PRESENT_OPEN: "told, with an open end",
    Status.PRESENT_WRONG: "told, but at odds with the law",
    Status.PARTIAL: "touched on, not told",
    Status.WRONG: "contradicts the law",
    Status.MISSING: "not found",
    Status.NOT_REQUIRED: "does not seem to be needed here",
}
_PARTS: tuple[tuple[str, str, frozenset[Status]], ...] = (
    (
        "Dit vonden we niet, of het klopt niet",
        "Not found, or not right",
        frozenset({Status.MISSING, Status.WRONG, Status.PRESENT_WRONG}),
    ),
    ("Dit staat er half", "Half told", frozenset({Status.PARTIAL, Status.PRESENT_OPEN})),
    ("Dit staat erin", "Told", frozenset({Status.PRESENT})),
    ("Dit lijkt hier niet nodig", "Does not seem to be needed", frozenset({Status.NOT_REQUIRED})),
)
_WEIGHT_NL = {
    Level.MUST: "verplicht",
    Level.CONDITIONAL: "soms verplicht",
    Level.SHOULD: "aanbevolen",
    Level.NICE: "netjes",
}
_WEIGHT_EN = {
    Level.MUST: "required",
    Level.CONDITIONAL: "sometimes required",
    Level.SHOULD: "advised",
    Level.NICE: "courteous",
}
_QUOTE_LIMIT = 320
_STYLE = """
:root{color-scheme:light dark;--ink:#1d2730;--soft:#5b6872;--line:#d9dee2;--paper:#fff;--wash:#f5f7f8;--mark:#8a4b12;--good:#2c6148}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaed;--soft:#a3aeb6;--line:#38434b;--paper:#171d22;--wash:#1f272d;--mark:#e0a972;--good:#86c5a4}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:62rem;margin:0 auto;padding:3rem 1.25rem 4rem}h1{font-size:1.9rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.3rem;margin:3rem 0 .25rem}
h3{font-size:1.05rem;margin:0}p{margin:.4rem 0}.en,.small{color:var(--soft);font-size:.92rem}.sum{display:flex;flex-wrap:wrap;gap:1rem;padding:0;margin:1.75rem 0;list-style:none}
.sum li{flex:1 1 9rem;background:var(--wash);border-radius:.5rem;padding:.9rem 1.1rem}.sum b{display:block;font-size:1.7rem;line-height:1.2}
article{border-top:1px solid var(--line);padding:1.1rem 0}.two{display:grid;grid-template-columns:1fr 1fr;gap:0 2rem}
blockquote{margin:.6rem 0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line);overflow-wrap:anywhere}.no{color:var(--mark)}.yes{color:var(--good)}
.say{background:var(--wash);border-radius:.5rem;padding:.6rem 1rem;margin:.6rem 0 0}footer{border-top:1px solid var(--line);margin-top:3rem;padding-top:1rem}
@media (max-width:44rem){.two{grid-template-columns:1fr}}@media print{main{padding:0}article{break-inside:avoid}}
"""


def lines(report: Report) -> Iterator[str]:
    """Give the result as lines for a terminal: what lacks first, with the sentence that would tell it."""
    own = "nl" if report.language == "nl" else "en"
    yield f"{report.controller or 'The organisation'}: {_count(report, Status.PRESENT)} of {len(report.items)} items told, {len(report.failing)} required items not found or contradicted."
    for _, title, statuses in _PARTS:
        part = [finding for finding in report.items if finding.status in statuses]
        if part:
            yield ""
            yield f"{title} ({len(part)})"
        for finding in part:
            yield f"  {finding.item.id}  {finding.item.title_en} [Article {finding.item.article}; {_WEIGHT_EN[finding.item.level]}]: {_WORDS_EN[finding.status]}"
            if finding.passage and finding.status is not Status.PRESENT:
                yield f"       reads: {_short(finding.passage)}"
            proposal = finding.proposal_nl if own == "nl" else finding.proposal_en
            if proposal:
                yield f"       could read: {proposal}"
    if report.antipatterns:
        yield ""
        yield f"Wordings to reconsider ({len(report.antipatterns)})"
    for seen in report.antipatterns:
        yield f"  {seen.antipattern.id}  {seen.antipattern.problem_en}"
        yield f"       reads: {_short(seen.passage)}"
    yield ""
    yield "These are observations about a text, not legal advice; whether the organisation does what it says was not looked at."


def page(report: Report, today: date) -> str:
    """Return the result as one HTML page: own style, no script, nothing fetched from elsewhere."""
    name = escape(report.controller or "deze organisatie")
    body = "".join(_part(report, *part) for part in _PARTS)
    return f"""<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>De privacyverklaring van {name}, nagelezen</title><style>{_STYLE}</style></head>
<body><main>
<h1>De privacyverklaring van {name}, nagelezen</h1>
<p class="en" lang="en">The privacy statement of {escape(report.controller or "this organisation")}, read through on {today.isoformat()}</p>
<p>Op {today.day}-{today.month}-{today.year} is de tekst gelezen naast de lijst van wat artikel 12 tot en met 14 van de AVG en de Nederlandse praktijk
van een privacyverklaring vragen. Hieronder staat wat erin te vinden is, en een zin die het kan zeggen waar iets ontbreekt.</p>
<ul class="sum">{_sum(report)}</ul>
{body}{_sightings(report.antipatterns)}
<footer><p>Dit zijn waarnemingen over een tekst. Het is geen juridisch advies en geen oordeel of de organisatie zich aan de wet houdt.
Of zij ook doet wat er staat, is niet bekeken. Een mens moet het nalezen.</p>
<p class="en" lang="en">These are observations about a text. They are no legal advice and no judgement on whether the organisation keeps the law.
Whether it does what it says was not looked at. A person should read it over.</p></footer>
</main></body></html>
"""


def _sum(report: Report) -> str:
    told = ((_count_all(report, statuses), dutch, english) for dutch, english, statuses in _PARTS)
    return "".join(
        f'<li><b>{count}</b>{escape(dutch)}<br><span class="en" lang="en">{escape(english)}</span></li>'
        for count, dutch, english in told
    )


def _part(report: Report, dutch: str, english: str, statuses: frozenset[Status]) -> str:
    found = [finding for finding in report.items if finding.status in statuses]
    if not found:
        return ""
    return f'<section><h2>{escape(dutch)}</h2><p class="en" lang="en">{escape(english)}</p>{"".join(map(_article, found))}</section>'


def _article(finding: Finding) -> str:
    item = finding.item
    tone = "yes" if finding.status is Status.PRESENT else "no" if finding.status is not Status.NOT_REQUIRED else "small"
    law = "AVG artikel " if item.article[0].isdigit() else ""
    parts = [
        f'<article id="{item.id}"><div class="two"><div><h3>{escape(item.title_nl)}</h3><p class="{tone}">{_WORDS_NL[finding.status]}</p></div>',
        f'<div lang="en"><h3 class="en">{escape(item.title_en)}</h3><p class="en">{_WORDS_EN[finding.status]}</p></div></div>',
    ]
    if finding.passage:
        parts.append(f"<blockquote>{escape(_short(finding.passage))}</blockquote>")
    if finding.proposal_nl:
        parts.append(
            f'<div class="say two"><p>{escape(finding.proposal_nl)}</p><p class="en" lang="en">{escape(finding.proposal_en)}</p></div>'
        )
    unverified = "" if item.verified else "; bron niet nagelezen"
    parts.append(
        f'<p class="small">{item.id} · {law}{escape(item.article)} · {_WEIGHT_NL[item.level]}{unverified}</p></article>'
    )
    return "".join(parts)


def _sightings(seen: tuple[Sighting, ...]) -> str:
    if not seen:
        return ""
    told = "".join(
        f'<article id="{s.antipattern.id}"><blockquote>{escape(_short(s.passage))}</blockquote><div class="two"><p>{escape(s.antipattern.problem_nl)}</p>'
        f'<p class="en" lang="en">{escape(s.antipattern.problem_en)}</p></div><p class="small">{s.antipattern.id} · {escape(s.antipattern.article)}</p></article>'
        for s in seen
    )
    return f'<section><h2>Zinnen om nog eens te bekijken</h2><p class="en" lang="en">Wordings to reconsider</p>{told}</section>'


def _short(passage: str) -> str:
    return passage if len(passage) <= _QUOTE_LIMIT else passage[: _QUOTE_LIMIT - 1].rstrip() + "…"


def _count(report: Report, status: Status) -> int:
    return sum(finding.status is status for finding in report.items)


def _count_all(report: Report, statuses: frozenset[Status]) -> int:
    return sum(finding.status in statuses for finding in report.items)
