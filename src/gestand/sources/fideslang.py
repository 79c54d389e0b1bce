"""A dataset in Fideslang YAML into a draft of a source's file, for a person to review.

What Fides labels as nothing personal (``system.*``) stays labelled so here, and 'gestand source test' compares that with the content.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from gestand.kernel.errors import InputError, Problem
from gestand.statement.policy import FieldKind, Policy

_KINDS: tuple[tuple[str, FieldKind], ...] = (
    ("user.contact.email", FieldKind.EMAIL),
    ("user.contact.phone_number", FieldKind.PHONE),
    ("user.contact.fax_number", FieldKind.PHONE),
    ("user.contact.address.street", FieldKind.STREET),
    ("user.contact.address.postal_code", FieldKind.POSTCODE),
    ("user.contact.address.city", FieldKind.TOWN),
    ("user.contact.address.country", FieldKind.COUNTRY),
    ("user.contact.address", FieldKind.STREET),
    ("user.name", FieldKind.NAME),
    ("user.account.username", FieldKind.NAME),
    ("user.financial.bank_account", FieldKind.IBAN),
    ("user.financial.account_number", FieldKind.IBAN),
    ("user.financial", FieldKind.TEXT),
    ("user.device.ip_address", FieldKind.IP),
    ("user.government_id.national_identification_number", FieldKind.BSN),
    ("user.unique_id", FieldKind.CUSTOMER_NUMBER),
    ("user.demographic.date_of_birth", FieldKind.DATE),
    ("user", FieldKind.TEXT),
)


def mapping_of(content: bytes, file: str, policy: Policy, *, dsn: str) -> str:
    """Return a draft of ``sources/NAME.toml`` from a dataset.

    :raises InputError: ``fideslang-yaml``, ``fideslang-form`` where it is no dataset.
    """
    dataset = _dataset(content, file)
    title = str(dataset.get("name") or dataset.get("fides_key") or "dataset")
    lines = [
        "# From Fideslang. Look at every line; it is refused until each table says what an erasure does to its rows.",
        "format = 1",
        'kind = "sql"',
        f"title = {{ nl = {json.dumps(title)}, en = {json.dumps(title)} }}",
        f"dsn = {json.dumps(dsn)}",
    ]
    links = _links(dataset)
    for collection in dataset["collections"]:
        lines += _table(collection, links.get(str(collection["name"]), {}), policy)
    return "\n".join(lines) + "\n"


def _dataset(content: bytes, file: str) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(content)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        raise InputError(
            (Problem(file, line, "fideslang-yaml", "it is no YAML", "Mend the line that is named."),)
        ) from None
    found = document.get("dataset", document) if isinstance(document, dict) else None
    dataset: Any = found[0] if isinstance(found, list) and found else found
    sound = isinstance(dataset, dict) and isinstance(dataset.get("collections"), list)
    if not sound or not all(
        isinstance(c, dict) and "name" in c and isinstance(c.get("fields"), list) for c in dataset["collections"]
    ):
        problem = Problem(
            file, 0, "fideslang-form", "it is no Fideslang dataset with collections and fields", "Give one dataset."
        )
        raise InputError((problem,))
    return dict(dataset)


def _meta(node: Mapping[str, Any]) -> Mapping[str, Any]:
    found = node.get("fides_meta") or node.get("fidesops_meta") or {}
    return found if isinstance(found, dict) else {}


def _fields(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (field for field in node.get("fields") or () if isinstance(field, dict) and "name" in field)


def _links(dataset: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return for each table its links: along ``from`` as written, along ``to`` the other way round."""
    found: dict[str, dict[str, str]] = {}
    own = dataset.get("fides_key")
    for collection in dataset["collections"]:
        for field in _fields(collection):
            for reference in _meta(field).get("references") or ():
                if not isinstance(reference, dict) or reference.get("dataset", own) != own:
                    continue
                here, there = f"{collection['name']}.{field['name']}", str(reference.get("field", ""))
                if there.count(".") != 1:
                    continue
                child, parent = (there, here) if reference.get("direction") == "to" else (here, there)
                table, _, column = child.partition(".")
                found.setdefault(table, {})[column] = parent
    return found


def _table(collection: Mapping[str, Any], links: Mapping[str, str], policy: Policy) -> list[str]:
    name = json.dumps(str(collection["name"]))
    keys = [str(field["name"]) for field in _fields(collection) if _meta(field).get("primary_key")]
    lines = ["", f"[tables.{name}]"]
    lines += [f"key = {json.dumps(keys)}"] if keys else []
    lines += ["person = true"] if any(_meta(field).get("identity") for field in _fields(collection)) else []
    if links:
        lines.append("links = { " + ", ".join(f"{json.dumps(c)} = {json.dumps(t)}" for c, t in links.items()) + " }")
    masking = _meta(collection).get("masking_strategy_override")
    if isinstance(masking, dict) and masking.get("strategy") == "delete":
        lines.append('erase = "delete"')
    own = [field for field in _fields(collection) if str(field["name"]) not in links]
    if own:
        lines.append(f"[tables.{name}.columns]")
        lines += [_column(field, policy) for field in own]
    return lines


def _column(field: Mapping[str, Any], policy: Policy) -> str:
    name = json.dumps(str(field["name"]))
    categories: Sequence[str] = [str(category) for category in field.get("data_categories") or ()]
    personal = next((category for category in categories if category.startswith("user")), "")
    if not personal:
        return f"{name} = {{ none = {json.dumps('Fides: ' + (', '.join(categories) or 'no category'))} }}"
    kind = next(
        kind for prefix, kind in _KINDS if personal == prefix or personal.startswith(prefix + ".") or prefix == "user"
    )
    path = _field(personal, kind, policy)
    more = ', erase = "null"' if path else ""
    return f'{name} = {{ field = "{path or "?"}"{more} }}  # {personal}'


def _field(category: str, kind: FieldKind, policy: Policy) -> str:
    """Return the field of the policy for a category: of the same kind, in the category that names the nearest Fideslang term."""

    def near(path: str) -> int:
        own = policy.categories[path.partition(".")[0]].fideslang
        return len(own) if own and (category == own or category.startswith(own + ".")) else 0

    alike = [path for path in policy.field_paths() if (f := policy.field(path)) is not None and f.kind is kind]
    return max(alike, key=near, default="")
