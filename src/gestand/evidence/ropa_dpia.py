"""Whether an impact assessment is called for: Article 35(3) GDPR and the nine criteria of WP248 rev.01, each with its reason.

What the policy and the store show is judged; what only a person can see is asked, never assumed. Two criteria call for an
assessment in most cases; one that is asked keeps the answer open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gestand.evidence.ropa_observed import Observed
from gestand.statement.policy import FieldKind, Policy, Purpose, Text

Answer = Literal["seen", "not-seen", "ask"]
LARGE = 10_000
"""People from which a processing is called large here; WP248 gives no number, this is the project's own."""
HIGHLY_PERSONAL = frozenset({"pd:Communication", "pd:Location", "pd:Health", "pd:Biometric"})
WHOLE_FILES = "image"
VULNERABLE = frozenset({"child", "pupil", "patient", "employee", "asylum-seeker", "elderly"})
MONITORING = ("monitor", "track", "observ", "surveil")
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, the answer for one purpose, and why."""

    number: int
    title: Text
    answer: Answer
    why: Text


@dataclass(frozen=True, slots=True)
class DpiaJudgement:
    """Whether a purpose calls for an impact assessment: ``needed``, ``not-needed`` or ``ask``."""

    purpose: str
    criteria: tuple[Criterion, ...]
    by_35_3: tuple[str, ...]

    @property
    def outcome(self) -> Literal["needed", "not-needed", "ask"]:
        """The answer: two criteria or one of Article 35(3) call for it; a question that could make two leaves it open."""
        seen = sum(one.answer == "seen" for one in self.criteria)
        asked = sum(one.answer == "ask" for one in self.criteria)
        if seen >= ENOUGH or self.by_35_3:
            return "needed"
        return "ask" if seen + asked >= ENOUGH else "not-needed"


def judge_dpia(policy: Policy, name: str, observed: Observed, *, people_decide: bool) -> DpiaJudgement:
    """Judge one purpose. ``people_decide``: a person attested that no computer decides alone and nobody is profiled."""
    purpose = policy.purposes[name]
    criteria = tuple(_criteria(policy, purpose, observed, people_decide=people_decide))
    seen = {one.number for one in criteria if one.answer == "seen"}
    by_article = [
        article
        for article, numbers in (("35(3)(a)", {1, 2}), ("35(3)(b)", {4, 5}), ("35(3)(c)", {3, 5}))
        if numbers <= seen and (article != "35(3)(b)" or _special(policy, purpose))
    ]
    return DpiaJudgement(name, criteria, tuple(by_article))


def _criteria(policy: Policy, purpose: Purpose, observed: Observed, *, people_decide: bool) -> Iterator[Criterion]:
    attested = Text(nl="een mens heeft verklaard dat dit niet gebeurt", en="a person attested that this is not done")
    unknown = Text(nl="niemand heeft dit verklaard", en="nobody attested this")
    decides: tuple[Answer, Text] = ("not-seen", attested) if people_decide else ("ask", unknown)
    yield Criterion(1, Text(nl="beoordelen of scores geven", en="evaluation or scoring"), *decides)
    yield Criterion(
        2, Text(nl="besluiten door een computer met gevolgen", en="automated decisions with effect"), *decides
    )
    words = f"{purpose.dpv} {purpose.fideslang}".lower()
    yield _of(
        3, Text(nl="stelselmatig volgen", en="systematic monitoring"), [word for word in MONITORING if word in words]
    )
    yield _of(
        4,
        Text(nl="gevoelige of heel persoonlijke gegevens", en="sensitive or highly personal data"),
        _sensitive(policy, purpose),
    )
    many = [f"{observed.people} ≥ {LARGE}"] if observed.people >= LARGE else []
    yield _of(5, Text(nl="op grote schaal", en="large scale"), many)
    from_elsewhere = sorted({s for path in purpose.needs for s in observed.sources_of(path)})
    mixed: Answer = "ask" if len(from_elsewhere) > ENOUGH else "not-seen"
    sources = ", ".join(from_elsewhere) or "-"
    yield Criterion(
        6,
        Text(nl="bestanden koppelen", en="matching or combining datasets"),
        mixed,
        Text(nl=f"herkomst: {sources}", en=f"sources: {sources}"),
    )
    yield _of(7, Text(nl="kwetsbare mensen", en="vulnerable people"), sorted(VULNERABLE & set(purpose.subjects)))
    yield _of(8, Text(nl="nieuwe techniek", en="innovative technology"), [])
    yield _of(9, Text(nl="houdt mensen van een recht of dienst af", en="keeps people from a right or service"), [])  # fmt: skip


def _of(number: int, title: Text, signs: list[str]) -> Criterion:
    if signs:
        said = ", ".join(signs)
        return Criterion(number, title, "seen", Text(nl=said, en=said))
    nothing = Text(nl="niets in beleid of gegevens wijst hierop", en="nothing in the policy or the data shows this")
    return Criterion(number, title, "not-seen", nothing)


def _special(policy: Policy, purpose: Purpose) -> bool:
    return any(
        category.special or category.criminal
        for name, category in policy.categories.items()
        if any(path.startswith(f"{name}.") for path in purpose.needs)
    )


def _sensitive(policy: Policy, purpose: Purpose) -> list[str]:
    found: list[str] = []
    for path in purpose.needs:
        name, _, field = path.partition(".")
        category = policy.categories.get(name)
        if category is None:
            continue
        declared = category.fields.get(field)
        number = declared is not None and declared.kind is FieldKind.BSN
        if category.special or category.criminal or category.dpv in HIGHLY_PERSONAL or number or field == WHOLE_FILES:
            found.append(path)
    return found
