"""Controls of sharing: given to whom the statement names, orders judged and approved first, recipients told afterwards.

A secret order changes no figure and no verdict here as long as it was handled rightly: what is counted is what its subject may
know, what is judged is everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.law.disclosure import judge, read_disclosure
from gestand.sharing.approvals import LEAST_WAIT
from gestand.sharing.model import SECOND_PERSON, Disclosure, Order, OrderState, Stage
from gestand.sharing.orders import judged as judge_demand
from gestand.sharing.rules import judge_stated, tell_before
from gestand.sharing.telling import changed, concerned
from gestand.statement.policy import Text

SPECIMENS: tuple[tuple[str, Mapping[str, object], bool], ...] = (
    ("police officer, by telephone", {"data": ["name", "address"]}, False),
    ("police officer", {"article": "126nd Sv", "written": True, "data": ["invoices"], "identity_checked": True}, False),
    ("public prosecutor", {"article": "126nd Sv", "written": False, "data": ["invoices"]}, False),
    ("public prosecutor", {"article": "126nd Sv", "written": True, "data": ["invoices"], "document": "ovj@gmail.com"}, False),
    ("foreign authority", {"article": "126nd Sv", "written": True, "data": ["name"]}, False),
    ("debt collector", {"data": ["address"]}, False),
    ("tax inspector", {"article": "AWR 53", "written": True, "third_party_tax": True, "identity_checked": True}, True),
    ("public prosecutor", {"article": "126nd Sv", "written": True, "data": ["invoices"], "identity_checked": True}, True),
)  # fmt: skip
"""Demands whose answer is known: the judgement that every order goes through is tried on them in each run."""


def disclosures_within(world: World) -> Verdict:
    """Each thing given went to a recipient, for a purpose, on a ground and with fields that its statement names."""
    faults = [*_records_against_ledger(world), *_openings_without_record(world)]
    seen = 0
    for one in world.sharing.disclosures():
        seen += not world.sharing.hidden(one)
        if one.stage is Stage.WITHDRAWN:
            continue
        statement = world.publication.version(one.version) or world.statement
        against = judge_stated(statement, one.recipient, one.purpose, one.ground, one.fields, on_order=True)
        faults += [f"record {one.id}: {found.says}" for found in against]
        faults += _items_beyond(world, one)
    return judged(
        faults,
        seen,
        kept=Text(nl="Gegeven aan wie de verklaring noemt.", en="Given to whom the statement names."),
        broken=Text(nl="Er is iets gegeven buiten de verklaring om.", en="Something was given outside the statement."),
    )


def _records_against_ledger(world: World) -> Iterator[str]:
    noted: dict[str, str] = {}
    left: set[str] = set()
    for entry in entries(world, "sharing.noted", "sharing.left"):
        facts = entry.event.facts
        if entry.event.name == "sharing.noted":
            noted[str(facts.get("record"))] = str(facts.get("digest"))
        elif isinstance(records := facts.get("records"), tuple):
            left.update(records)
    there = world.sharing.digests()
    beside = {one.beside for one in world.sharing.disclosures()}
    for record, digest in noted.items():
        if record in left:
            continue
        if record not in there:
            yield f"record {record} was noted and is gone"
        elif there[record] not in beside | {digest}:
            yield f"record {record} is another than was noted"
    yield from (
        f"record {record} was never noted" for record in there.keys() - noted.keys() if there[record] not in beside
    )


def _openings_without_record(world: World) -> Iterator[str]:
    there = set(world.sharing.digests())
    left = {
        name
        for e in entries(world, "sharing.left")
        if isinstance(n := e.event.facts.get("records"), tuple)
        for name in n
    }
    for entry in entries(world, "data.opened"):
        under = entry.event.facts.get("under")
        if under is not None and under not in there | left:
            yield f"ledger entry {entry.index}: opened under a record that is nowhere"


def _items_beyond(world: World, one: Disclosure) -> Iterator[str]:
    for given in one.given:
        for item in given.items:
            holding = world.vault.item(item)
            if holding is not None and holding.field not in one.fields:
                yield f"record {one.id}: gave '{holding.field}', which it does not name"


def orders_checked(world: World) -> Verdict:
    """Each order was judged by the law, verified and approved before anything was given; the judgement knows its specimens."""
    faults = [
        f"a specimen demand of a {authority} is judged wrongly"
        for authority, facts, give in SPECIMENS
        if judge(read_disclosure(authority, facts)).disclose is not give
    ]
    seen = len(SPECIMENS)
    today = local_date(world.clock())
    given = {one.id: one for one in world.sharing.disclosures()}
    for order in world.sharing.orders():
        seen += not order.hidden(today)
        if order.state is OrderState.CARRIED_OUT:
            faults += _carried_out(world, order, given.get(order.disclosure))
        ended = local_date(order.lifted_at) if order.lifted_at else order.demand.secret_until
        if order in world.sharing.orders_to_tell() and ended is not None and tell_before(ended) < today:
            faults.append(f"record {order.id}: the people may know since {ended}, and were not told")
    orders = {order.id for order in world.sharing.orders()}
    for one in given.values():
        declared = (world.publication.version(one.version) or world.statement).policy.recipients.get(one.recipient)
        if one.stage is not Stage.WITHDRAWN and declared is not None and declared.role == "authority" and one.order not in orders:  # fmt: skip
            faults.append(f"record {one.id}: given to an authority without an order")
    return judged(
        faults,
        seen,
        kept=Text(nl="Elke vordering is eerst beoordeeld.", en="Every order was judged first."),
        broken=Text(nl="Een vordering is niet goed behandeld.", en="An order was not handled rightly."),
    )


def _carried_out(world: World, order: Order, given: Disclosure | None) -> Iterator[str]:
    found, _ = judge_demand(order.demand, world.policy)
    if not found.disclose or found.needs_judgement:
        yield f"record {order.id}: carried out, and the law does not oblige to it"
    if order.demand.facts.get("identity_checked") is not True:
        yield f"record {order.id}: carried out, and nobody verified who asked"
    approval = order.approval
    if approval is None:
        yield f"record {order.id}: carried out without approval"
    elif approval.how == SECOND_PERSON and approval.by == order.taken_by:
        yield f"record {order.id}: who took it in approved it too"
    elif approval.how != SECOND_PERSON and approval.at - order.taken_at < LEAST_WAIT:
        yield f"record {order.id}: one person approved it without a wait"
    if given is not None and not set(given.fields) <= set(order.give):
        yield f"record {order.id}: more was given than the demand reaches"


def recipients_told(world: World) -> Verdict:
    """Each change of what was given (ledger) is told to who got it, with proof, or excused with a reason (Article 19)."""
    by_mark: defaultdict[str, list[Disclosure]] = defaultdict(list)
    for one in world.sharing.disclosures():
        for mark in {mark for given in one.given for mark in given.marks}:
            by_mark[mark].append(one)
    told = {(telling.disclosure, telling.entry): telling for telling in world.sharing.tellings()}
    today = local_date(world.clock())
    faults: list[str] = []
    seen = 0
    for entry in entries(world, "data.rectified", "data.restricted", "erasure.begun") if by_mark else ():
        change = changed(entry)
        if change is None:
            continue
        for one in {d.id: d for mark in change[1] for d in by_mark.get(mark, ())}.values():
            if not concerned(one, entry, change[1]):
                continue
            seen += 1
            telling = told.get((one.id, entry.index))
            last = telling.due if telling else tell_before(local_date(entry.event.at))
            settled = telling is not None and telling.how is not None
            if not settled and last < today:
                faults.append(f"record {one.id}: {change[0]} (ledger entry {entry.index}), and '{one.recipient}' was not told before {last}")  # fmt: skip
            elif settled and telling is not None and not telling.proof.strip():
                faults.append(f"record {telling.id}: settled without proof or reason")
    return judged(
        faults,
        seen,
        kept=Text(nl="Wie gegevens kreeg, hoort wat eraan veranderd is.", en="Who got data is told what changed."),
        broken=Text(nl="Een ontvanger is iets niet verteld.", en="A recipient was not told something."),
    )


CONTROLS = (
    Control(
        "disclosures-within-statement",
        Text(nl="Alleen wie in de verklaring staat krijgt gegevens", en="Only who is in the statement gets data"),
        Text(nl="alles wat gegeven is, met ontvanger, doel, grond en velden", en="all that was given, with recipient, purpose, ground and fields"),
        "measured",
        disclosures_within,
        __name__,
        ("ledger-intact", "statement-history-kept"),
    ),
    Control(
        "orders-checked",
        Text(nl="Vorderingen worden eerst beoordeeld", en="Orders by authorities are judged first"),
        Text(nl="voorbeeldvorderingen, en elke echte met oordeel en toestemming", en="specimen demands, and each real one with judgement and approval"),
        "measured",
        orders_checked,
        __name__,
        ("statement-current",),
    ),
    Control(
        "recipients-told",
        Text(nl="Ontvangers horen van veranderingen", en="Recipients are told of changes"),
        Text(nl="elke verbetering, wissing en beperking van wat gegeven was", en="every rectification, erasure and restriction of what was given"),
        "measured",
        recipients_told,
        __name__,
        ("ledger-intact",),
    ),
)  # fmt: skip
