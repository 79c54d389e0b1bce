"""What Articles 12 to 14 GDPR ask and the text does not tell, as warnings of ``check``. Judged by ``law.transparency``."""

from __future__ import annotations

from datetime import date

from gestand.kernel.errors import Problem
from gestand.law.transparency import Status, lint
from gestand.law.transparency.model import Finding, Level
from gestand.statement.model import Statement, StatementText
from gestand.statement.render import render_text

_TOLD = {
    Status.MISSING: ("transparency-missing", "the text does not tell"),
    Status.PARTIAL: ("transparency-partial", "the text touches on, and does not tell"),
    Status.WRONG: ("transparency-wrong", "the text tells at odds with the law"),
    Status.PRESENT_WRONG: ("transparency-wrong", "the text tells at odds with the law"),
}


def lacking(statement: Statement, today: date) -> tuple[Problem, ...]:
    """Return a warning for each duty of the checklist that the text in the first language does not fulfil.

    The other languages carry the same clauses, which ``rules_text`` holds.
    """
    text = statement.texts[0]
    found = lint(render_text(text), today).items
    return tuple(_warning(text, finding) for finding in found if finding.status in _TOLD and _asked(finding))


def _asked(finding: Finding) -> bool:
    return finding.item.level in {Level.MUST, Level.CONDITIONAL}


def _warning(text: StatementText, finding: Finding) -> Problem:
    code, what = _TOLD[finding.status]
    item = finding.item
    remedy = item.proposal_nl if text.language == "nl" else item.proposal_en
    return Problem(
        text.file,
        _line(text, finding.passage),
        code,
        f"{what}: {item.title_en} ({item.id}, {item.article})",
        f"For instance: {remedy}",
        "warning",
    )


def _line(text: StatementText, passage: str) -> int:
    """Return the line where the passage begins, 0 (the whole file) where that is not plain."""
    start = passage[:30]
    lines = text.source.splitlines()
    return next((number for number, line in enumerate(lines, 1) if start and start in line), 0)
