"""The proof as a page and as PDF/UA-1; both load nothing from anywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from gestand.evidence.breaks import BREAKS
from gestand.evidence.history import Breach
from gestand.evidence.model import ClauseFinding, ClauseResult, ProofRun
from gestand.kernel.errors import GestandError

WORDS = {
    ClauseFinding.KEPT: "gehouden",
    ClauseFinding.BROKEN: "gebroken",
    ClauseFinding.UNPROVEN: "niet bewezen",
    ClauseFinding.INFORMATIVE: "alleen uitleg",
}
ENGLISH = {finding: str(finding) for finding in ClauseFinding}
PROOFS = {"measured": "gemeten", "attested": "verklaard"}


def render_page(run: ProofRun, firm: str, breaches: Sequence[Breach] = ()) -> str:
    """Return the run as one self-contained page, plain Dutch first."""
    environment = Environment(
        loader=PackageLoader("gestand.evidence", "report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    findings = [(finding, WORDS[finding], ENGLISH[finding]) for finding in ClauseFinding]
    return environment.get_template("page.html").render(
        run=run, firm=firm, findings=findings, words=WORDS, breaches=breaches, proofs=_proofs, breaks=BREAKS,
        broken=run.count(ClauseFinding.BROKEN),
    )  # fmt: skip


def render_pdf(run: ProofRun, firm: str, breaches: Sequence[Breach] = ()) -> bytes:
    """Return the run as PDF/UA-1 (ISO 14289-1).

    :raises GestandError: ``report-not-set`` if the typesetter refuses it.
    """
    import typst

    counts = ", ".join(f"{run.count(finding)} {WORDS[finding]}" for finding in ClauseFinding)
    broken = run.count(ClauseFinding.BROKEN)
    document = {
        "title": f"{firm}: de privacyverklaring, zin voor zin nagegaan",
        "firm": firm,
        "told": f"Versie {run.version}, nagegaan op {run.at:%Y-%m-%d %H:%M} UTC.",
        "counts": f"{counts}. " + (f"{broken} {'afwijking' if broken == 1 else 'afwijkingen'} gevonden." if broken else "Geen afwijking gevonden."),
        "clauses": [
            {"id": one.clause.id, "finding": str(one.finding), "word": WORDS[one.finding], "sentence": one.clause.text or "—",
             "lines": _lines(one)}
            for one in run.clauses
        ],
        "breaches": [
            f"{one.control}: {one.since:%Y-%m-%d %H:%M} tot {one.until.strftime('%Y-%m-%d %H:%M') if one.until else 'nu'}. {one.why_nl} {one.mended_by}".strip()
            for one in breaches
        ],
        "foot": "Dit is wat op dat moment te zien was, niet een verklaring dat de wet wordt nageleefd. "
        "Wat niet bewezen is, is niet gebroken: er is niets gezien dat het bewijst."
        + (f" Logboek, nummer {run.entry}." if run.entry >= 0 else ""),
    }  # fmt: skip
    layout = resources.files("gestand.evidence.report").joinpath("page.typ").read_bytes()
    try:
        made = typst.compile(
            layout, format="pdf", sys_inputs={"run": json.dumps(document, ensure_ascii=False)}, ignore_system_fonts=True,
            pdf_standards="ua-1", timestamp=int(run.at.timestamp()),
        )  # fmt: skip
    except typst.TypstError as fault:
        raise GestandError(
            "report-not-set", f"the report cannot be made into a PDF: {fault}", remedy="Use --html, and report this."
        ) from None
    assert isinstance(made, bytes)
    return made


def _lines(one: ClauseResult) -> list[str]:
    lines = [one.note.nl] if one.note is not None else []
    for control in one.controls:
        figures = "; ".join(f"{name}: {value}" for name, value in control.verdict.figures.items())
        proof = "" if control.awaited else f" ({PROOFS[control.proof]})"
        lines.append(f"{control.id}{proof}: {control.verdict.why.nl}" + (f" [{figures}]" if figures else ""))
        if control.verdict.finding == "broken":
            lines += control.verdict.evidence
    return lines


def _proofs(one: ClauseResult) -> str:
    return ", ".join(dict.fromkeys(PROOFS[control.proof] for control in one.controls if not control.awaited))
