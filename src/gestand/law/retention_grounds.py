"""The table of grounds for keeping: what each rests on, how long it runs, from when, and what it goes before.

A ground with a period runs from an event of the record (an invoice, the end of a contract) or from the end of the year
of that event; one without lasts until a condition ends it. Which ground a kind of record stands under is told in
``retention_kinds``; what follows on a given day in ``retention``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

from gestand.law.periods import Period
from gestand.law.profile import Rule, Status
from gestand.law.terms_rules import GDPR_APPLIES


class Precedence(IntEnum):
    """Which ground decides where several hold: the lowest number goes first."""

    LEGAL_HOLD = 1
    STATUTORY_MINIMUM = 2
    STATUTORY_MAXIMUM = 3
    CLAIMS = 4
    RESTRICTION = 5
    POLICY = 6


class Basis(StrEnum):
    """What keeping rests on; it decides what a request for erasure or an objection can do."""

    OBLIGATION = "obligation"  # AVG 6(1)(c): a request is refused, 17(3)(b)
    CLAIMS = "claims"  # AVG 6(1)(f), needed for claims: refused, 17(3)(e)
    CONTRACT = "contract"  # AVG 6(1)(b), still running: 17(1)(a) is not met
    PROCESSOR = "processor"  # the controller decides: the request is passed on
    INTERESTS = "interests"  # AVG 6(1)(f): a request is granted, an objection restricts
    CONSENT = "consent"  # AVG 6(1)(a): a request withdraws it
    MARKETING = "marketing"  # an objection is absolute, 21(3)
    NOT_PERSONAL = "not personal"  # the AVG does not apply


CountsFrom = Literal["event", "year_end", "fiscal_year_end", "condition"]


@dataclass(frozen=True, slots=True)
class Ground:
    """One line of the table. ``keeps`` is the ground in words while it holds, ``refuses`` when a request is refused."""

    id: str
    title: str
    articles: tuple[str, ...]
    precedence: Precedence
    basis: Basis
    period: Period | None
    counts_from: CountsFrom
    keeps: str
    refuses: str
    status: Status
    verified: bool
    source: str

    def rule(self) -> Rule:
        """Return the line as a rule of the law profile; retention terms are not told apart by date."""
        title = f"{self.title}: {self.period or 'until a condition ends it'}, from {self.counts_from.replace('_', ' ')}"
        # Terms of tax and civil law are older than the GDPR; from which day exactly, the sources read do not say.
        older = self.precedence in {Precedence.STATUTORY_MINIMUM, Precedence.STATUTORY_MAXIMUM, Precedence.CLAIMS}
        since = None if older else GDPR_APPLIES
        return Rule(self.id, "retention", title, self.articles, self.source, self.status, self.verified, since, None)


def _line(  # noqa: PLR0917 - a line of the table
    ground_id: str,
    title: str,
    articles: tuple[str, ...],
    precedence: Precedence,
    basis: Basis,
    term: str,
    *,
    keeps: str,
    refuses: str = "",
    worth: Status | Literal["statute-unread", "guideline-unread"],
    source: str,
) -> Ground:
    """Read one line; ``term`` is a period and where it counts from, ``worth`` its status and whether its text was read."""
    length, _, origin = term.partition(" from ")
    counts_from: CountsFrom
    match origin:
        case "year end":
            counts_from = "year_end"
        case "fiscal year end":
            counts_from = "fiscal_year_end"
        case "event":
            counts_from = "event"
        case _:
            counts_from = "condition"
    status: Status
    match worth:
        case "statute-unread":
            status = "statute"
        case "guideline-unread":
            status = "guideline"
        case _:
            status = worth
    return Ground(
        id=f"retention-{ground_id}",
        title=title,
        articles=articles,
        precedence=precedence,
        basis=basis,
        period=None if counts_from == "condition" else Period.parse(length),
        counts_from=counts_from,
        keeps=keeps,
        refuses=refuses,
        status=status,
        verified=worth in {"statute", "guideline"},
        source=source,
    )


_HOLD, _MINIMUM, _MAXIMUM = Precedence.LEGAL_HOLD, Precedence.STATUTORY_MINIMUM, Precedence.STATUTORY_MAXIMUM
_CLAIMS, _RESTRICTED, _POLICY = Precedence.CLAIMS, Precedence.RESTRICTION, Precedence.POLICY

HOLD = _line(
    "hold", "Legal hold", ("GDPR 17(3)(e)",), _HOLD, Basis.CLAIMS, "until lifted",
    keeps="AVG 17(3)(e)", refuses="AVG 17(3)(e)",
    worth="statute", source="Text of GDPR 17(3)(e)",
)  # fmt: skip

BOOKS = _line(
    "books", "Books and records", ("AWR 52(1)", "AWR 52(4)", "BW 2:10(3)", "BW 3:15i"),
    _MINIMUM, Basis.OBLIGATION, "7 years from fiscal year end",
    keeps="AVG 6(1)(c); AWR 52(4)", refuses="AVG 17(3)(b); AWR 52",
    worth="statute", source="AWR 52(4), text of 2009, seven years re-checked second-hand 21-08-2026; BW 2:10(3), 3:15i",
)  # fmt: skip
ANNUAL_ACCOUNTS = _line(
    "annual-accounts", "Annual accounts", ("BW 2:10(3)", "BW 3:15i", "AWR 52(4)"),
    _MINIMUM, Basis.OBLIGATION, "7 years from fiscal year end",
    keeps="AVG 6(1)(c); BW 2:10(3)", refuses="AVG 17(3)(b); BW 2:10(3)",
    worth="statute", source="Text of BW 2:10(3)",
)  # fmt: skip
PLATFORM_SALES = _line(
    "oss", "One-stop-shop and platform sales", ("Wet OB 28rl", "Wet OB 28sj", "Wet OB 28tn"),
    _MINIMUM, Basis.OBLIGATION, "10 years from year end",
    keeps="AVG 6(1)(c); Wet OB 28rl/28sj/28tn", refuses="AVG 17(3)(b); Wet OB 28rl/28sj/28tn",
    worth="statute-unread", source="Second-hand account of Wet OB 28rl, 28sj and 28tn",
)  # fmt: skip
IMMOVABLE = _line(
    "immovable-property", "Immovable property, VAT adjustment", ("Wet OB 34a",),
    _MINIMUM, Basis.OBLIGATION, "9 years from year end",
    keeps="AVG 6(1)(c); Wet OB 34a", refuses="AVG 17(3)(b); Wet OB 34a",
    worth="statute-unread", source="Second-hand account of Wet OB 34a: nine years after the year of first use, ten in all",
)  # fmt: skip
EMPLOYEE_ID = _line(
    "employee-id", "Employee's identity copy and wage tax statement", ("URLB 2011 7.5(4)", "URLB 2011 7.9(2)", "UAVG 46"),
    _MINIMUM, Basis.OBLIGATION, "5 years from year end",
    keeps="AVG 6(1)(c); URLB 7.5(4)", refuses="AVG 17(3)(b); URLB 7.5(4)",
    worth="statute-unread", source="Second-hand account of URLB 2011 7.5(4), 7.9(2)",
)  # fmt: skip
DECEASED_BOOKS = _line(
    "deceased-books", "Tax copy about a person who died", ("GDPR recital 27", "AWR 52(4)"),
    _MINIMUM, Basis.OBLIGATION, "7 years from fiscal year end",
    keeps="AVG not applicable (recital 27); AWR 52(4)", refuses="AVG not applicable (recital 27); AWR 52",
    worth="statute", source="Recital 27 GDPR; AWR 52(4) as for books",
)  # fmt: skip
BREACH_REGISTER = _line(
    "breach-register", "Breach register", ("GDPR 33(5)", "GDPR 5(2)"),
    _POLICY, Basis.OBLIGATION, "5 years from event",
    keeps="AVG 33(5); policy 5 years", refuses="AVG 17(3)(b); AVG 33(5)",
    worth="policy", source="GDPR 33(5) wants the register and names no term; five years is this project's policy",
)  # fmt: skip

ANTI_LAUNDERING = _line(
    "wwft", "Customer file under the Wwft", ("Wwft 33(3)",),
    _MAXIMUM, Basis.OBLIGATION, "5 years from event",
    keeps="AVG 6(1)(c); Wwft 33(3)", refuses="AVG 17(3)(b); Wwft 33(3)",
    worth="statute-unread", source="Second-hand account of Wwft 33(3): five years to the moment, then destruction",
)  # fmt: skip

DEBT = _line(
    "debt", "Claim for payment", ("BW 3:307(1)", "BW 3:313", "BW 3:317", "BW 3:319", "UAVG 41(1)(j)"),
    _CLAIMS, Basis.CLAIMS, "5 years from event",
    keeps="AVG 6(1)(f); BW 3:307(1)", refuses="AVG 17(3)(e); UAVG 41(1)(j)",
    worth="statute", source="Text of BW 3:307, 3:317, 3:319 (2006) and UAVG 41; at most 20 years in all (3:306)",
)  # fmt: skip
DAMAGE_CLAIM = _line(
    "damage-claim", "Claim or complaint that is known", ("BW 3:310", "BW 3:311", "BW 3:317"),
    _CLAIMS, Basis.CLAIMS, "5 years from event",
    keeps="AVG 6(1)(f); BW 3:310", refuses="AVG 17(3)(e)",
    worth="statute", source="Text of BW 3:310, 3:311 (2006): five years from knowledge, at most 20 from the event",
)  # fmt: skip
OPEN_CLAIM = _line(
    "open-claim", "Dispute or claim that is open", ("GDPR 17(3)(e)",),
    _CLAIMS, Basis.CLAIMS, "until settled",
    keeps="AVG 6(1)(f) (claims)", refuses="AVG 17(3)(e)",
    worth="statute", source="Text of GDPR 17(3)(e)",
)  # fmt: skip
JUDGMENT = _line(
    "judgment", "Execution of a judgment", ("BW 3:324(1)",),
    _CLAIMS, Basis.CLAIMS, "20 years from event",
    keeps="AVG 6(1)(f); BW 3:324(1)", refuses="AVG 17(3)(e); BW 3:324(1)",
    worth="statute", source="Text of BW 3:324 (2006)",
)  # fmt: skip
INCIDENT = _line(
    "incident", "Images or logs of an incident", ("GDPR 6(1)(f)", "GDPR 17(3)(e)"),
    _CLAIMS, Basis.CLAIMS, "until dealt with",
    keeps="AVG 6(1)(f): incident until dealt with", refuses="AVG 17(3)(e)",
    worth="guideline", source="AP on camera surveillance: longer than four weeks for an incident, until it is dealt with",
)  # fmt: skip
REQUEST_FILE = _line(
    "request-file", "Proof of how a request was answered", ("GDPR 5(2)", "GDPR 17(3)(e)", "UAVG 35"),
    _POLICY, Basis.CLAIMS, "5 years from event",
    keeps="AVG 5(2), 17(3)(e); policy 5 years (minimal)", refuses="AVG 17(3)(e), 5(2)",
    worth="policy", source="No term in the law; five years as BW 3:310, this project's policy",
)  # fmt: skip
CONSENT_PROOF = _line(
    "consent-proof", "Proof of consent", ("GDPR 7(1)", "GDPR 17(3)(e)", "Tw 11.7"),
    _POLICY, Basis.CLAIMS, "5 years from event",
    keeps="AVG 7(1), 17(3)(e); Tw 11.7 burden of proof", refuses="AVG 17(3)(e), 7(1); Tw 11.7",
    worth="policy", source="Tw 11.7 lays the proof on the sender (Stb. 2021, 103); five years is this project's policy",
)  # fmt: skip
PERSONNEL = _line(
    "personnel", "Personnel file, the rest", ("GDPR 5(1)(e)", "GDPR 17(3)(e)"),
    _POLICY, Basis.CLAIMS, "2 years from event",
    keeps="AVG 6(1)(f); guideline 2 years", refuses="AVG 17(3)(e)",
    worth="guideline-unread", source="Guideline of two years; the Vrijstellingsbesluit it came from is repealed",
)  # fmt: skip

CONTESTED = _line(
    "restricted-accuracy", "Accuracy contested", ("GDPR 18(1)(a)", "GDPR 18(2)", "GDPR 18(3)"),
    _RESTRICTED, Basis.INTERESTS, "1 month from event",
    keeps="AVG 18(1)(a)", worth="statute", source="Text of GDPR 18; the month is this project's own target",
)  # fmt: skip
OPPOSED_ERASURE = _line(
    "restricted-unlawful", "Unlawful, but the person opposes erasure", ("GDPR 18(1)(b)", "GDPR 18(2)"),
    _RESTRICTED, Basis.INTERESTS, "until the person agrees",
    keeps="AVG 18(1)(b)", worth="statute", source="Text of GDPR 18",
)  # fmt: skip
PERSONS_CLAIM = _line(
    "restricted-claim", "The person needs it for a claim", ("GDPR 18(1)(c)", "GDPR 18(2)"),
    _RESTRICTED, Basis.INTERESTS, "until the claim is settled",
    keeps="AVG 18(1)(c)", worth="statute", source="Text of GDPR 18",
)  # fmt: skip
OBJECTED = _line(
    "restricted-objection", "Objection under 21(1), not yet weighed", ("GDPR 18(1)(d)", "GDPR 21(1)", "GDPR 17(1)(c)"),
    _RESTRICTED, Basis.INTERESTS, "1 month from event",
    keeps="AVG 18(1)(d), 21(1)", worth="statute", source="Text of GDPR 18 and 21; the month is this project's own target",
)  # fmt: skip

RUNNING_CONTRACT = _line(
    "contract", "Contract that is running", ("GDPR 6(1)(b)", "GDPR 17(1)(a)"),
    _POLICY, Basis.CONTRACT, "until the contract ends",
    keeps="AVG 6(1)(b)", refuses="AVG 17(1)(a), 6(1)(b)",
    worth="statute", source="Text of GDPR 6(1)(b), 17(1)(a)",
)  # fmt: skip
WARRANTY = _line(
    "warranty", "Warranty", ("GDPR 6(1)(b)", "GDPR 17(1)(a)"),
    _POLICY, Basis.CONTRACT, "24 months from event",
    keeps="AVG 6(1)(b)", refuses="AVG 17(1)(a), 6(1)(b)",
    worth="policy", source="The contract sets the months",
)  # fmt: skip
PROCESSING = _line(
    "processor", "Client's data held as processor", ("GDPR 28(3)(g)", "GDPR 28(3)(e)"),
    _POLICY, Basis.PROCESSOR, "30 days from event",
    keeps="AVG 28(3)(g); contract", refuses="AVG 28(3)(e): the controller decides",
    worth="policy", source="Text of GDPR 28(3)(g); the contract sets the days, 30 unless it does",
)  # fmt: skip
JOB_FILE = _line(
    "job-file", "Job file, no complaint known", ("GDPR 6(1)(f)", "BW 3:310", "BW 3:311"),
    _POLICY, Basis.INTERESTS, "5 years from event",
    keeps="AVG 6(1)(f) (defence)", worth="policy",
    source="Five years after delivery as horizon of claims is this project's policy (BW 3:310, 3:311)",
)  # fmt: skip
APPLICANT = _line(
    "applicant", "Applicant who was rejected", ("GDPR 5(1)(e)",), _POLICY, Basis.INTERESTS, "4 weeks from event",
    keeps="AP guideline 4 weeks", worth="guideline-unread", source="AP after the Vrijstellingsbesluit, second-hand",
)  # fmt: skip
APPLICANT_CONSENT = _line(
    "applicant-consent", "Applicant kept with consent", ("GDPR 6(1)(a)", "GDPR 17(1)(b)"),
    _POLICY, Basis.CONSENT, "1 year from event",
    keeps="AVG 6(1)(a); AP guideline 1 year with consent", worth="guideline-unread",
    source="AP after the Vrijstellingsbesluit, second-hand",
)  # fmt: skip
CAMERA = _line(
    "camera", "Camera images", ("GDPR 6(1)(f)", "GDPR 5(1)(e)"), _POLICY, Basis.INTERESTS, "4 weeks from event",
    keeps="AP guideline max 4 weeks", worth="guideline", source="AP on camera surveillance: four weeks as a rule",
)  # fmt: skip
MAIL = _line(
    "mail", "General mail", ("GDPR 5(1)(e)",), _POLICY, Basis.INTERESTS, "24 months from event",
    keeps="AVG 6(1)(f); policy 24 months", worth="policy", source="No term in the law; policy",
)  # fmt: skip
QUOTE = _line(
    "quote", "Quote not accepted", ("GDPR 5(1)(e)", "GDPR 6(1)(b)"), _POLICY, Basis.INTERESTS, "12 months from event",
    keeps="AVG 6(1)(f); policy 12 months after expiry", worth="policy", source="No term in the law; policy",
)  # fmt: skip
LEAD = _line(
    "lead", "Lead", ("GDPR 5(1)(e)", "GDPR 21(2)"), _POLICY, Basis.MARKETING, "12 months from event",
    keeps="AVG 6(1)(f); policy 12 months inactive", worth="policy", source="No term in the law; policy",
)  # fmt: skip
MARKETING = _line(
    "marketing", "E-mail marketing to former customers", ("GDPR 5(1)(e)", "GDPR 21(3)", "Tw 11.7"),
    _POLICY, Basis.MARKETING, "24 months from event",
    keeps="AVG 6(1)(f); Tw 11.7; policy 24 months after last purchase", worth="policy",
    source="Tw 11.7 sets no term for e-mail; policy",
)  # fmt: skip
SUBSCRIPTION = _line(
    "subscription", "Newsletter", ("GDPR 21(3)", "GDPR 7(3)", "Tw 11.7"),
    _POLICY, Basis.MARKETING, "until objection or withdrawal",
    keeps="Tw 11.7; AVG 6(1)(a)/(f)", worth="policy", source="Text of GDPR 21(3)",
)  # fmt: skip
SUPPRESSION = _line(
    "suppression", "Suppression list", ("GDPR 21(3)", "GDPR 17(3)(b)", "GDPR 11"),
    _POLICY, Basis.OBLIGATION, "as long as marketing exists",
    keeps="AVG 6(1)(c)/(f): to honour 21(3)", refuses="AVG 17(3)(b)/(e), 11",
    worth="policy", source="Policy; accepted by authorities as far as known",
)  # fmt: skip
BACKUP = _line(
    "backup", "Backup in rotation", ("GDPR 5(1)(e)", "GDPR 5(1)(f)"), _POLICY, Basis.INTERESTS, "90 days from event",
    keeps="AVG 5(1)(e),(f); rotation", refuses="AVG 5(1)(e),(f)", worth="policy", source="No term in the law; rotation is policy",
)  # fmt: skip
SECURITY_LOG = _line(
    "log", "Security log", ("GDPR 5(1)(e)", "GDPR 6(1)(f)", "GDPR 32"), _POLICY, Basis.INTERESTS, "180 days from event",
    keeps="AVG 6(1)(f); policy", worth="policy", source="No term in the law; policy",
)  # fmt: skip
CALL_RECORDING = _line(
    "call-recording", "Call recording for training", ("GDPR 5(1)(e)",), _POLICY, Basis.INTERESTS, "28 days from event",
    keeps="AVG 6(1)(f); policy", worth="policy", source="No term in the law; policy",
)  # fmt: skip
CREDENTIAL = _line(
    "credential", "Customer's password", ("GDPR 5(1)(e)", "GDPR 5(1)(f)"), _POLICY, Basis.INTERESTS, "0 days from event",
    keeps="AVG 6(1)(b): until the job ends", worth="policy", source="Policy: gone with the job",
)  # fmt: skip
PURPOSE = _line(
    "purpose", "As long as the purpose lasts", ("GDPR 5(1)(e)", "GDPR 17(1)(a)"),
    _POLICY, Basis.INTERESTS, "0 days from event",
    keeps="AVG 6(1)(b)", worth="statute", source="Text of GDPR 5(1)(e)",
)  # fmt: skip
NO_GROUND = _line(
    "no-ground", "No ground: gone at once", ("GDPR 5(1)(a)", "GDPR 5(1)(e)", "GDPR 17(1)(d)"),
    _POLICY, Basis.INTERESTS, "0 days from event",
    keeps="none", worth="statute", source="Text of GDPR 5(1), 17(1)",
)  # fmt: skip
ANONYMOUS = _line(
    "anonymous", "Not personal data", ("GDPR recital 26",), _POLICY, Basis.NOT_PERSONAL, "without end",
    keeps="AVG not applicable (recital 26)", refuses="AVG not applicable (recital 26)",
    worth="statute", source="Recital 26 GDPR",
)  # fmt: skip

GROUNDS: tuple[Ground, ...] = tuple(line for line in list(globals().values()) if isinstance(line, Ground))
RULES: tuple[Rule, ...] = tuple(ground.rule() for ground in GROUNDS)
