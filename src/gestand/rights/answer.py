"""The answer to an access request, pure: every datum and record with its Article 15(1) context, and as JSON.

The words of the letter stand in ``letters``; what a version of the statement said when a datum was collected decides what
is told of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gestand.kernel.canonical import canonical
from gestand.kernel.clock import local_date
from gestand.kernel.ids import RequestId
from gestand.rights import words
from gestand.rights.model import AccessAnswer, CopyAnswer, DatumAnswer, Record
from gestand.sharing.model import Shared
from gestand.statement.policy import FieldKind, Policy, Recipient, Text
from gestand.vault.model import Holding, OpenedItem, Opening, RefusedItem


def build_answer(
    request: RequestId,
    openings: Sequence[Opening],
    *,
    in_force: Policy,
    policies: Mapping[str, Policy],
    records: Iterable[Record],
    history: Iterable[tuple[date, Text, int]],
    salt: bytes,
    made_on: date,
    copies: Sequence[CopyAnswer] = (),
    systems: Sequence[Text] = (),
    shared: Iterable[Shared] = (),
    late: bool = False,
) -> AccessAnswer:
    """Return the answer for what was opened; each datum speaks by the statement it was collected under.

    ``policies``: by version, at least every version of what was opened. ``history``: when data were opened, for which
    purpose, how many. ``shared``: what was given to others, and may be told. ``salt`` (16 random bytes) makes the digest tell nothing to who does not hold the answer.
    """
    opened = [item for opening in openings for item in opening.items]
    answer = AccessAnswer(
        request=request,
        controller=in_force.controller.name,
        contacts=tuple(contact for contact in in_force.controller.contacts if contact.rights),
        made_on=made_on,
        data=tuple(
            describe(item.holding, item.value, policies[item.holding.version], in_force.rights.shelf) for item in opened
        ),
        records=tuple(records),
        withheld=tuple(_withheld(refused, policies) for opening in openings for refused in opening.refused),
        openings=tuple(history),
        salt=salt.hex(),
        digest="",
        copies=tuple(copies),
        systems=tuple(systems),
        shared=tuple(shared),
        name=name_of(opened, in_force),
        late=late,
    )
    return replace(answer, digest=digest_of(answer))


def name_of(opened: Sequence[OpenedItem], policy: Policy) -> str:
    """Return the name that is held longest, of all that was opened of somebody; empty if none is."""
    held = sorted(opened, key=lambda item: item.holding.collected_at)
    named = ((policy.field(item.holding.field), item.value) for item in held)
    return next((value for field, value in named if field is not None and field.kind is FieldKind.NAME), "")


def digest_of(answer: AccessAnswer) -> str:
    """Return the SHA-256 over the canonical JSON of the whole answer, its salt included and ``digest`` left out."""
    document = to_json(answer)
    del document["digest"]
    return hashlib.sha256(canonical(document)).hexdigest()


def describe(holding: Holding, value: str, policy: Policy, request_shelf: str) -> DatumAnswer:
    """Return one datum with what Article 15(1)(a) to (g) asks about it."""
    named = holding.purposes or policy.purposes_of(holding.field)
    purposes = [policy.purposes[name] for name in named if name in policy.purposes]
    field = policy.field(holding.field)
    recipients = dict.fromkeys(name for purpose in purposes for name in purpose.recipients)
    return DatumAnswer(
        field=holding.field,
        title=field.title if field else Text(nl=holding.field, en=holding.field),
        value=value,
        purposes=tuple(purpose.title for purpose in purposes),
        why=tuple(
            purpose.needs.get(holding.field) or purpose.needs["*"]
            for purpose in purposes
            if purpose.allows(holding.field)
        ),
        basis=tuple(
            dict.fromkeys(
                Text(nl=f"{words.BASIS[p.basis].nl} ({p.ground})", en=f"{words.BASIS[p.basis].en} ({p.ground})")
                for p in purposes
            )
        ),
        source=words.source(holding.source),
        recipients=tuple(
            recipient_of(policy.recipients[name])
            for name in recipients
            if name in policy.recipients and _gets(policy.recipients[name], holding.field)
        ),
        collected_on=local_date(holding.collected_at),
        statement_version=holding.version,
        erase_on=holding.due,
        erase_rule=words.rule_of(policy.shelves.get(holding.shelf)),
        restricted=holding.restricted,
        of_the_request=holding.shelf == request_shelf,
    )


def recipient_of(recipient: Recipient) -> Text:
    """Return a recipient in words; one outside the EEA with its country and safeguard (Article 15(2))."""
    if not recipient.transfer:
        return recipient.title
    return Text(
        nl=f"{recipient.title.nl} (in {recipient.country}; waarborg: {recipient.transfer})",
        en=f"{recipient.title.en} (in {recipient.country}; safeguard: {recipient.transfer})",
    )


def _gets(recipient: Recipient, field: str) -> bool:
    return not recipient.needs or field in recipient.needs


def _withheld(refused: RefusedItem, policies: Mapping[str, Policy]) -> tuple[Text, Text]:
    path = refused.holding.field
    field = policies[refused.holding.version].field(path)
    return field.title if field else Text(nl=path, en=path), words.WITHHELD.get(refused.why, words.NOT_OPENED)


def _both(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}


def to_json(answer: AccessAnswer) -> dict[str, Any]:
    """Return the answer as a JSON document, machine-readable (Articles 15(3) and 20(1))."""
    return {
        "request": answer.request,
        "controller": answer.controller,
        "contacts": [{"kind": contact.kind, "value": contact.value} for contact in answer.contacts],
        "made_on": answer.made_on.isoformat(),
        "data": [
            {
                "field": d.field,
                "title": _both(d.title),
                "value": d.value,
                "purposes": [_both(p) for p in d.purposes],
                "why": [_both(w) for w in d.why],
                "basis": [_both(b) for b in d.basis],
                "source": _both(d.source),
                "recipients": [_both(r) for r in d.recipients],
                "collected_on": d.collected_on.isoformat(),
                "statement_version": d.statement_version,
                "erase_on": d.erase_on.isoformat() if d.erase_on else None,
                "erase_rule": _both(d.erase_rule),
                "restricted": d.restricted,
                "of_the_request": d.of_the_request,
            }
            for d in answer.data
        ],
        "records": [{"title": _both(r.title), "said": _both(r.said)} for r in answer.records],
        "copies": [
            {"system": _both(c.system), "place": c.place, "record": c.record, "title": _both(c.title), "value": c.value}
            for c in answer.copies
        ],
        "systems": [_both(system) for system in answer.systems],
        "withheld": [{"what": _both(what), "why": _both(why)} for what, why in answer.withheld],
        "openings": [{"on": on.isoformat(), "purpose": _both(p), "data": n} for on, p, n in answer.openings],
        "shared": [
            {
                "on": one.on.isoformat(),
                "recipient": _both(one.recipient),
                "purpose": _both(one.purpose),
                "ground": one.ground,
                "fields": [_both(field) for field in one.fields],
                "certain": one.certain,
                "told": [{"what": what, "on": on.isoformat(), "how": how} for what, on, how in one.told],
            }
            for one in answer.shared
        ],
        "automated_decisions": False,
        "nothing_held": answer.nothing_held,
        "salt": answer.salt,
        "digest": answer.digest,
    }
