"""Giving data to a recipient: judged, noted, opened, packed, sealed, delivered, noted again. Articles 5(1)(b), (c), 5(2), 6, 28, 44."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gestand.kernel.canonical import canonical
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError, RefusedError
from gestand.kernel.ids import ActorId, FieldPath, ItemId, PurposeId, RecipientId, SubjectId, VersionId, new_id
from gestand.sharing import package
from gestand.sharing.desk import Desk, refusal
from gestand.sharing.model import Disclosure, Form, Given, Judgement, Order, Package, Stage
from gestand.sharing.rules import judge_disclosure, leaves_on

Deliver = Callable[[Package], None]
"""Brings a package to where it leaves from; what it raises withdraws the disclosure."""

FEW = 10
"""Of how many people one person alone gives data, to a key that was agreed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be given: to whom, of whom, which fields, for what, on what ground, why now, and in which form.

    ``sealed_to``: an age recipient where the register has none. ``order``: the id of the order behind it.
    """

    recipient: RecipientId
    subjects: tuple[SubjectId, ...]
    fields: tuple[FieldPath, ...]
    purpose: PurposeId
    ground: str
    reason: str = ""
    form: Form = Form.JSON
    sealed_to: str = ""
    order: str = ""


def judge(desk: Desk, wish: Wish) -> Judgement:
    """Judge a wish by the statement in force and the register of agreements; nothing is opened."""
    return judge_disclosure(
        desk.statement(),
        wish.recipient,
        wish.purpose,
        wish.ground,
        wish.fields,
        desk.agreement(wish.recipient),
        desk.today(),
        on_order=bool(wish.order),
    )


def disclose(
    desk: Desk,
    wish: Wish,
    *,
    actor: ActorId,
    deliver: Deliver | None = None,
    beside: Callable[[Disclosure], Order] | None = None,
) -> Package:
    """Give what is wished, if the statement allows it; see ``Sharing.disclose``.

    ``beside``: makes of what was given the order behind it, which is written under the same entry of the ledger: giving on an
    order and giving otherwise are three entries each.
    """
    judged = judge(desk, wish)
    if not judged.allowed:
        raise refusal(judged.against, "giving this")
    desk.known(wish.subjects)
    key = package.key_of(_key(desk, wish), wish.recipient)
    if not wish.order and (not agreed_key(desk, wish.recipient) or len(set(wish.subjects)) > FEW):
        desk.approvals.export(f"{wish.recipient[:40]} {len(set(wish.subjects))} {mark_of(desk, wish)}", actor=actor)
    decided = _decide(desk, wish, actor)
    desk.records.put(decided, actor=actor)
    try:
        opened, rows = _open(desk, wish, decided, actor)
        contents = package.Contents(
            opened.id, wish.recipient, wish.purpose, wish.ground, opened.at, opened.fields, tuple(rows)
        )
        sealed = package.seal(package.write(contents, wish.form), key)
        made = Package(opened, sealed, f"{opened.id}.{wish.form}.age")
        if deliver is not None:
            deliver(made)
    except (GestandError, OSError):  # nothing left, and the record says so before the error goes on
        desk.records.put(replace(decided, stage=Stage.WITHDRAWN, given=()), actor=actor)
        raise
    delivered = replace(
        opened, stage=Stage.DELIVERED, delivered_at=desk.clock(), package=hashlib.sha256(sealed).hexdigest()
    )
    with desk.records.engine.transaction():
        if beside is not None:
            delivered = replace(delivered, beside=desk.records.lay(beside(delivered)))
        desk.records.put(delivered, actor=actor)
    return Package(delivered, sealed, made.file_name)


def agreed_key(desk: Desk, recipient: RecipientId) -> str:
    """Return the key that was agreed with a recipient, empty if none was."""
    agreement = desk.agreement(recipient)
    return agreement.sealed_to.strip() if agreement else ""


def mark_of(desk: Desk, wish: Wish) -> str:
    """Return what binds a second look to exactly what goes, of whom, and to which key."""
    whole = [
        wish.recipient, wish.purpose, wish.ground, sorted(set(wish.fields)), sorted(set(wish.subjects)), str(wish.form),
        _key(desk, wish),
    ]  # fmt: skip
    return hashlib.sha256(canonical(whole)).hexdigest()


def _key(desk: Desk, wish: Wish) -> str:
    """Return the key to seal to: whoever gives may name one only where none was agreed.

    :raises RefusedError: ``key-not-agreed``.
    """
    agreed, named = agreed_key(desk, wish.recipient), wish.sealed_to.strip()
    if agreed and named and named != agreed:
        raise RefusedError(
            "key-not-agreed",
            f"another key was agreed with '{wish.recipient}'",
            where=f"agreements.toml: {wish.recipient}.sealed_to",
            remedy="Leave the key out. Has the recipient a new one, write it in agreements.toml first.",
        )
    return named or agreed


def _decide(desk: Desk, wish: Wish, actor: ActorId) -> Disclosure:
    statement, now = desk.statement(), desk.clock()
    agreement = desk.agreement(wish.recipient)
    fields = tuple(dict.fromkeys(wish.fields))
    return Disclosure(
        id=new_id("shr", desk.entropy),
        at=now,
        recipient=wish.recipient,
        name=agreement.name if agreement else "",
        purpose=wish.purpose,
        ground=wish.ground,
        fields=fields,
        given=tuple(
            _given(desk, number, subject, fields) for number, subject in enumerate(dict.fromkeys(wish.subjects), 1)
        ),
        form=wish.form,
        version=VersionId(statement.version),
        actor=actor,
        reason=wish.reason,
        leaves=leaves_on(statement.policy, wish.purpose, local_date(now)),
        order=wish.order,
    )


def _given(desk: Desk, number: int, subject: SubjectId, fields: Sequence[FieldPath]) -> Given:
    items = tuple(holding.item for holding in desk.vault.holdings(subject) if holding.field in fields)
    return Given(number, subject, items, _marks(desk, subject, items))


def _marks(desk: Desk, subject: SubjectId, items: Sequence[ItemId]) -> tuple[str, ...]:
    return tuple(filter(None, (desk.vault.reference(subject), *map(desk.vault.mark, items))))


def _open(
    desk: Desk, wish: Wish, decided: Disclosure, actor: ActorId
) -> tuple[Disclosure, list[tuple[int, dict[FieldPath, tuple[str, ...]]]]]:
    """Open the items of each subject under the record's id, and return the disclosure with what really opened."""
    rows: list[tuple[int, dict[FieldPath, tuple[str, ...]]]] = []
    given: list[Given] = []
    refused = 0
    for one in decided.given:
        opening = desk.vault.open(
            one.subject, wish.purpose, actor=actor, reason=wish.reason or decided.id, items=one.items, under=decided.id
        )
        refused += len(opening.refused)
        values: dict[FieldPath, tuple[str, ...]] = {}
        for item in opening.items:
            field = item.holding.field
            values[field] = (*values.get(field, ()), item.value)
        items = tuple(item.holding.item for item in opening.items)
        given.append(replace(one, items=items, marks=_marks(desk, one.subject, items)))
        rows.append((one.number, values))
    return replace(decided, given=tuple(given), refused=refused), rows
