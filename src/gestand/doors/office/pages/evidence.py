"""Evidence: the statement clause by clause with its verdicts, the measures people attest, and how often data were opened."""

from __future__ import annotations

from gestand.doors.office.routes import NONE, Page, Route
from gestand.doors.office.visit import Answer, Visit
from gestand.doors.office.words import FINDING
from gestand.doors.web.pictures import bars
from gestand.evidence.model import ClauseFinding
from gestand.statement.policy import Text

KINDS = {
    ClauseFinding.KEPT: "good", ClauseFinding.BROKEN: "bad", ClauseFinding.UNPROVEN: "warn", ClauseFinding.INFORMATIVE: "",
}  # fmt: skip


def evidence(visit: Visit) -> Answer:
    """Show the last proof, worst first if asked."""
    house, proof = visit.house, visit.memory.proof
    only = visit.query.get("only", "")
    clauses = [result for result in proof.clauses if only in {"", str(result.finding)}] if proof else []
    weeks = visit.memory.openings(visit.today)
    head = house.ledger.head()
    text = house.publication.in_force().text(visit.language)
    sentences = {clause.id: clause.text for clause in text.clauses}
    return visit.page(
        "evidence.html", proof=proof, clauses=clauses, only=only, findings=FINDING,
        kinds=KINDS, counts={finding: proof.count(finding) for finding in ClauseFinding} if proof else {},
        drawn=bars([(f"{week.day}/{week.month}", count) for week, count in weeks]), head=head, sentences=sentences,
        measures=[(measure, house.measures.last(measure.id)) for measure in house.measures.declared.values()],
    )  # fmt: skip


def prove(visit: Visit) -> Answer:
    """Run every control now."""
    visit.memory.prove()
    return visit.go("evidence")


def attest(visit: Visit) -> Answer:
    """Attest a measure: seen in place, or found lacking."""
    visit.house.measures.attest(
        visit.params["measure"], evidence=visit.field("seen"), actor=visit.actor, in_place="lacking" not in visit.form
    )
    return visit.go("evidence")


def verify(visit: Visit) -> Answer:
    """Verify the whole ledger."""
    visit.house.ledger.verify()
    return visit.go("evidence")


PAGE = Page(
    "evidence",
    Text(nl="Bewijs", en="Evidence"),
    (
        Route("evidence", "GET", "staff", NONE, evidence),
        Route("evidence/prove", "POST", "staff", NONE, prove),
        Route("evidence/verify", "POST", "staff", NONE, verify),
        Route("evidence/{measure}/attest", "POST", "staff", NONE, attest, fresh=True),
    ),
    group="promise",
)
