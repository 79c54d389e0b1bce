"""Orders by authorities: taken in, judged by ``law/disclosure``, approved, carried out with the least, told when it may be told.

Everything of an order is a record like any other of this room, and reaches the ledger in the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, FieldPath, SubjectId, new_id
from gestand.law.disclosure import DisclosureJudgement, read_disclosure
from gestand.law.disclosure import judge as judge_demand
from gestand.law.disclosure_facts import Power
from gestand.sharing import disclosing, letters
from gestand.sharing.approvals import Act
from gestand.sharing.desk import Desk, refusal
from gestand.sharing.disclosing import Deliver, Wish
from gestand.sharing.model import Against, Demand, Disclosure, Form, Order, OrderState, Package
from gestand.sharing.rules import ORDERS, clause_of, leaves_on
from gestand.statement.policy import Policy


def judged(demand: Demand, policy: Policy) -> tuple[DisclosureJudgement, dict[str, FieldPath]]:
    """Return what the law says of a demand, and the fields by the words under which it was asked."""
    words = {f"{field.title.en} [{path}]": path for path in demand.fields if (field := policy.field(path)) is not None}
    facts = {**demand.facts, "article": demand.article, "data": list(words), "document": demand.document}
    facts |= {"asks": demand.asks} if demand.asks else {}
    return judge_demand(read_disclosure(demand.authority, facts)), words


def receive(desk: Desk, demand: Demand, *, actor: ActorId) -> Order:
    """Take in a demand and judge it; see ``Sharing.receive_order``."""
    policy = desk.statement().policy
    if demand.received_at > desk.clock():
        raise UsageError(
            "order-moment", "it cannot have come in later than now", where="--received", remedy="Give the right moment."
        )
    if demand.purpose not in policy.purposes:
        known = [name for name, one in policy.purposes.items() if demand.recipient in one.recipients]
        raise UsageError(
            "purpose-unknown",
            f"the statement in force names no purpose '{demand.purpose}'",
            remedy=f"For '{demand.recipient}' it names: {', '.join(known) or 'none'}.",
        )
    _refuse_slips(desk, policy, demand)
    order = Order(
        id=new_id("shr", desk.entropy),
        demand=demand,
        taken_by=actor,
        taken_at=desk.clock(),
        confidential=False,
        give=(),
        withhold=(),
        against=(),
        ask_for=(),
        must_do=(),
        articles=(),
    )
    order = _judged_anew(desk, order)
    desk.records.put(order, actor=actor)
    return order


def _refuse_slips(desk: Desk, policy: Policy, demand: Demand) -> None:
    """Refuse what can only be a slip of whoever writes the demand down, while the paper still lies before them."""
    if demand.recipient not in policy.recipients:
        known = [name for name, one in policy.recipients.items() if one.role == "authority"]
        raise UsageError(
            "recipient-unknown",
            f"the statement in force names no recipient '{demand.recipient}'",
            remedy=f"The authorities it names: {', '.join(known) or 'none'}.",
        )
    strange = [path for path in demand.fields if policy.field(path) is None]
    if strange:
        raise UsageError(
            "field-unknown",
            f"the statement in force names no field {', '.join(strange)}, so nothing of the kind is held",
            where="--field",
            remedy="Name fields of policy.toml; what is asked and not held goes in --asks, in the demand's own words.",
        )
    if demand.secret_until is not None and demand.secret_until < local_date(demand.received_at):
        raise UsageError(
            "order-secrecy-over",
            f"its secrecy would have ended on {demand.secret_until}, before it came in",
            where="--secret-until",
            remedy="Give the last day on which nobody may be told, as the document says; leave it out if it says none.",
        )
    if demand.subjects:
        desk.known(demand.subjects)


def _judged_anew(desk: Desk, order: Order) -> Order:
    found, words = judged(order.demand, desk.statement().policy)
    against = [] if found.disclose else list(found.reasons)
    if found.disclose and found.needs_judgement:
        against.append(f"a person must judge first: {', '.join((*found.missing, *found.unknown))}")
    special = _special(desk.statement().policy, order.demand)
    reached = [words[word] for word in found.give if word in words]
    if reached and not set(reached) - special:
        against.append("none of the data asked for can be demanded under this article: they are special categories")
    return replace(
        order,
        confidential=found.confidential,
        give=tuple(path for path in reached if path not in special),
        withhold=(*(words[word] for word in found.withhold if word in words), *(p for p in reached if p in special)),
        against=tuple(against),
        ask_for=found.ask_for,
        must_do=found.must_do,
        articles=found.articles,
        debatable=found.debatable,
    )


def _special(policy: Policy, demand: Demand) -> frozenset[FieldPath]:
    """Return the fields asked for that the policy calls special or criminal, and that this demand cannot reach (Sv 126nd, 126nf)."""
    facts = {**demand.facts, "article": demand.article}
    if read_disclosure(demand.authority, facts).power is Power.SV_126NF:
        return frozenset()
    special = {name for name, category in policy.categories.items() if category.special or category.criminal}
    return frozenset(path for path in demand.fields if path.partition(".")[0] in special)


def carry_out(
    desk: Desk,
    order_id: str,
    *,
    actor: ActorId,
    proof: str,
    facts: Mapping[str, bool | str],
    subjects: Sequence[SubjectId] = (),
    fields: Sequence[FieldPath] = (),
    form: Form = Form.JSON,
    sealed_to: str = "",
    deliver: Deliver | None = None,
) -> Package:
    """Carry out an order that the law obliges to and that was approved; see ``Sharing.carry_out``."""
    order = _open_order(desk, order_id)
    known = set(order.demand.subjects)
    demand = replace(order.demand, facts={**order.demand.facts, **facts}, subjects=tuple(subjects) or order.demand.subjects)  # fmt: skip
    order = _judged_anew(desk, replace(order, demand=demand))
    clause = clause_of(desk.statement(), ORDERS, "Article 6(1)(c)")
    against = [Against("order-unlawful", why, clause) for why in order.against]
    if demand.facts.get("identity_checked") is not True:
        against.append(Against("order-unverified", "it is not verified who asks: call back through a number found elsewhere", clause))  # fmt: skip
    beyond = [path for path in fields if path not in order.give]
    if beyond:
        against.append(Against("order-beyond", f"the demand does not reach: {', '.join(beyond)}", clause))
    wish = Wish(
        demand.recipient, demand.subjects, tuple(fields) or order.give, demand.purpose,
        desk.statement().policy.purposes[demand.purpose].ground, f"order {order.id}", form, sealed_to, order.id,
    )  # fmt: skip
    against += disclosing.judge(desk, wish).against
    if against:
        raise refusal(tuple(against), "carrying out this order")
    new = not disclosing.agreed_key(desk, demand.recipient) or set(demand.subjects) != known
    mark = disclosing.mark_of(desk, wish) if new else ""
    approval = desk.approvals.approve(Act(order.id, order.taken_by, order.taken_at, mark), actor=actor, proof=proof)

    def beside(made: Disclosure) -> Order:
        return _closed(desk, replace(order, state=OrderState.CARRIED_OUT, approval=approval, disclosure=made.id), actor)

    return disclosing.disclose(desk, wish, actor=actor, deliver=deliver, beside=beside)


def refuse(desk: Desk, order_id: str, *, actor: ActorId, reason: str, language: str) -> tuple[Order, str]:
    """Refuse an order and return the letter; see ``Sharing.refuse_order``."""
    order = _open_order(desk, order_id)
    if not order.against and not reason.strip():
        raise RefusedError(
            "order-lawful",
            "nothing is found against this order; whoever refuses it says why",
            where=order.id,
            remedy="Give --reason, or carry it out.",
        )
    against = (*order.against, *([reason.strip()] if reason.strip() else []))
    closed = _closed(desk, replace(order, state=OrderState.REFUSED, against=against), actor)
    desk.records.put(closed, actor=actor)
    return closed, letters.refusal_letter(closed, desk.statement().policy.controller, desk.today(), language)


def lift(desk: Desk, order_id: str, *, actor: ActorId, because: str) -> Order:
    """Record that the secrecy of an order ended, and on what document; see ``Sharing.lift_secrecy``."""
    order = desk.order(order_id)
    if not because.strip():
        raise UsageError(
            "reason", "secrecy is lifted on a document", where="--reason", remedy="Say which, and its date."
        )
    lifted = replace(order, lifted_at=desk.clock(), lifted_because=because.strip())
    desk.records.put(lifted, actor=actor)
    return lifted


def to_tell(desk: Desk) -> list[Order]:
    """Return the orders that were secret, were carried out, and of which the people may now be told and are not."""
    today = desk.today()
    return [
        order
        for order in desk.records.orders()
        if order.state is OrderState.CARRIED_OUT and order.secret and not order.hidden(today) and order.told_at is None
    ]


def tell_subjects(desk: Desk, order_id: str, *, actor: ActorId, language: str) -> tuple[Order, str]:
    """Record that the people are told of an order, and return the notice; see ``Sharing.tell_subjects``."""
    order = desk.order(order_id)
    if order.hidden(desk.today()):
        raise RefusedError(
            "order-secret",
            "the secrecy of this order has not ended; nobody is told (Sv 126bb(5))",
            where=order.id,
            remedy="Wait for its end, or record the document that lifts it: gestand disclose lift.",
        )
    if order.state is not OrderState.CARRIED_OUT:
        raise RefusedError(
            "order-nothing-given", "nothing was given, so there is nothing to tell", where=order.id, remedy="Leave it."
        )
    told = replace(order, told_at=desk.clock())
    desk.records.put(told, actor=actor)
    found = desk.records.one(order.disclosure)
    policy = desk.statement().policy
    fields = found.fields if isinstance(found, Disclosure) else ()
    titles = [field.title for path in fields if (field := policy.field(path)) is not None]
    return told, letters.late_notice(told, titles, policy.controller, desk.today(), language)


def _open_order(desk: Desk, order_id: str) -> Order:
    order = desk.order(order_id)
    if order.state is not OrderState.RECEIVED:
        raise RefusedError(
            "order-closed", f"this order is {order.state}", where=order.id, remedy="Take in a new one if it came again."
        )
    return order


def _closed(desk: Desk, order: Order, actor: ActorId) -> Order:
    now = desk.clock()
    leaves = leaves_on(desk.statement().policy, order.demand.purpose, local_date(now))
    return replace(order, closed_at=now, closed_by=str(actor), leaves=leaves)
