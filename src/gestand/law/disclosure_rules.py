"""The rules on demands for data as data: which article, who may use it, for what, with which secrecy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from gestand.law.disclosure_facts import Asker, Power
from gestand.law.profile import Rule


@dataclass(frozen=True, slots=True)
class PowerRow:
    """Who may use a power, and whether an urgent demand may come by word of mouth first (in writing within three days)."""

    holders: frozenset[Asker]
    oral_if_urgent: bool
    rule: str


POWERS: Mapping[Power, PowerRow] = MappingProxyType(
    {
        Power.SV_126NC: PowerRow(frozenset({Asker.POLICE, Asker.PROSECUTOR}), oral_if_urgent=False, rule="126nc"),
        Power.SV_126ND: PowerRow(frozenset({Asker.PROSECUTOR}), oral_if_urgent=True, rule="126nd"),
        Power.SV_126NE: PowerRow(frozenset({Asker.PROSECUTOR}), oral_if_urgent=True, rule="126ne"),
        Power.SV_126NF: PowerRow(frozenset({Asker.PROSECUTOR}), oral_if_urgent=True, rule="126nf"),
        Power.AWR_47: PowerRow(frozenset({Asker.TAX}), oral_if_urgent=False, rule="awr-47"),
        Power.AWR_53: PowerRow(frozenset({Asker.TAX}), oral_if_urgent=False, rule="awr-53"),
        Power.SUPERVISION: PowerRow(frozenset({Asker.AP, Asker.SUPERVISOR}), oral_if_urgent=False, rule="supervision"),
        Power.RV_475G: PowerRow(frozenset({Asker.BAILIFF}), oral_if_urgent=False, rule="475g"),
        Power.PW_64: PowerRow(frozenset({Asker.MUNICIPALITY}), oral_if_urgent=False, rule="pw-64"),
    }
)


def _rule(
    name: str,
    title: str,
    articles: tuple[str, ...],
    source: str,
    *,
    status: Literal["statute", "guideline", "policy", "debatable"] = "statute",
    verified: bool = True,
) -> Rule:
    return Rule(f"disclosure-{name}", "disclosure", title, articles, source, status, verified, None, None)


_SV = "Wetboek van Strafvordering, text of 2007"
_AWR = "Algemene wet inzake rijksbelastingen, text of 2009"
RULES: tuple[Rule, ...] = (
    _rule(
        "126nc",
        "An investigating officer may demand identifying data, in writing",
        ("Sv 126nc", "GDPR 6(1)(c)"),
        "own knowledge of the article",
        verified=False,
    ),
    _rule(
        "126nd",
        "The prosecutor may demand stored data, in writing, no special categories, not from the suspect",
        ("Sv 126nd", "GDPR 6(1)(c)"),
        _SV,
    ),
    _rule(
        "126ne",
        "The prosecutor may demand data that come in later, at most four weeks",
        ("Sv 126ne", "GDPR 6(1)(c)"),
        "own knowledge of the article",
        verified=False,
    ),
    _rule(
        "126nf",
        "Special categories: the prosecutor with authority of the examining magistrate",
        ("Sv 126nf", "GDPR 6(1)(c)"),
        _SV,
    ),
    _rule("secrecy", "Whoever gets a demand keeps everything about it secret", ("Sv 126bb(5)",), _SV),
    _rule("suspect", "The demand cannot be made of the suspect", ("Sv 126nd(2)",), _SV),
    _rule(
        "photos",
        "Photographs and identity copies count as special categories for a demand",
        ("Sv 126nf",),
        "own knowledge of case law of the Hoge Raad (2010)",
        status="debatable",
        verified=False,
    ),
    _rule("no-demand", "Without a demand a holder is not free to hand over data for an investigation", ("GDPR 6(1)",), "MvT 29441", verified=False),
    _rule("own-report", "Who is the victim may report the crime with the facts needed for it", ("UAVG 33(2)(b)",), "UAVG, text of 2021"),
    _rule("awr-47", "Own taxes: books and data are opened; secrecy is no defence", ("AWR 47", "AWR 49", "AWR 51", "GDPR 6(1)(c)"), _AWR),
    _rule("awr-53", "Taxes of others: data are given; secrecy only for clergy, notary, lawyer, doctor, pharmacist", ("AWR 53", "AWR 53a", "GDPR 6(1)(c)"), _AWR),
    _rule(
        "supervision",
        "A supervisor is given what its task reasonably needs",
        ("GDPR 31", "GDPR 58(1)", "Awb 5:16", "Awb 5:17", "Awb 5:20"),
        "own knowledge of the Awb",
        verified=False,
    ),
    _rule(
        "475g",
        "An employer or other third debtor tells the bailiff about what it pays",
        ("Rv 475g", "GDPR 6(1)(c)"),
        "own knowledge of the article",
        status="debatable",
        verified=False,
    ),
    _rule(
        "pw-64",
        "The bodies that article names give a municipality data for social assistance",
        ("Participatiewet 64", "GDPR 6(1)(c)"),
        "own knowledge of the article",
        verified=False,
    ),
    _rule(
        "foreign",
        "A foreign authority goes through the Dutch prosecutor (mutual assistance, European order)",
        ("GDPR 48",),
        "GDPR, English text; orders under Regulation (EU) 2023/1543 are not carried",
        status="debatable",
    ),
    _rule("private", "Who has no public power has no right to data of others", ("GDPR 5(1)(b)", "GDPR 6(1)"), "GDPR, English text"),
    _rule("identity", "Who asks is verified by calling back through a number found elsewhere", ("GDPR 5(1)(f)", "GDPR 32"), "choice of this project", status="policy"),
    _rule("minimum", "No more than the demand names is given, and what, when, why and by whom is written down", ("GDPR 5(1)(c)", "GDPR 5(2)"), "GDPR, English text"),
    _rule("unknown-is-no", "What is not stated or cannot be read opens nothing", ("GDPR 5(2)",), "choice of this project", status="policy"),
)  # fmt: skip
BY_ID = {rule.id: rule for rule in RULES}
