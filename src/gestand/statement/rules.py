"""The compiler: does the statement hang together? Pure; every refusal names file, line and remedy.

Here what contradicts itself (a purpose that names no shelf there is); in ``rules_law`` what the law asks of such a policy
(a processor without agreement); in ``rules_text`` whether the words say it and something keeps them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from gestand.kernel.errors import Problem
from gestand.statement import rules_law, rules_text
from gestand.statement.complaint import Complaints
from gestand.statement.examples import EXAMPLE_ADDRESS, EXAMPLE_NAME, EXAMPLE_WEBSITE
from gestand.statement.load import read_draft
from gestand.statement.locate import KeyPath
from gestand.statement.model import Statement
from gestand.statement.policy import Policy

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_WEBSITE = re.compile(r"(?:https?://)?[^\s/@:.]+(?:\.[^\s/@:.]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE)


def check(
    statement: Statement,
    controls: Collection[str] | None,
    *,
    today: date | None = None,
    lacking: Sequence[Problem] = (),
) -> tuple[Problem, ...]:
    """Return everything that is wrong with ``statement``, errors and warnings, in order of file and line.

    ``controls`` are the ids of all controls there are; None: not known here, and their names are not judged.
    ``today`` judges what expires; None: not judged. ``lacking`` is what Articles 12 to 14 ask and the text lacks.
    """
    found = Complaints(statement)
    policy = statement.policy
    _references(policy, found)
    _circles(policy, found)
    _unused(policy, found)
    _reachable(policy, found)
    _examples(policy, found)
    rules_law.check(policy, found, today)
    rules_text.check(statement, controls, found)
    return _ordered((*found.problems, *lacking))


def examine(
    files: Mapping[str, bytes],
    folder: str,
    controls: Collection[str] | None,
    *,
    today: date | None = None,
    lacking: Callable[[Statement], Sequence[Problem]] = lambda _: (),
) -> tuple[Statement | None, tuple[Problem, ...]]:
    """Return the statement in ``files``, or None, and all its problems of form and of meaning in one run.

    Where the form is at fault, meaning is judged over stand-ins, and what is said about a place whose form is at fault,
    or only warns, is left out. ``lacking`` gives what Articles 12 to 14 ask and a sound statement lacks.
    """
    draft = read_draft(files, folder)
    if draft.statement is None:
        return None, draft.problems
    if not draft.problems:
        missing = lacking(draft.statement)
        return draft.statement, check(draft.statement, controls, today=today, lacking=missing)
    problems = check(draft.statement, controls, today=today)
    faulty = {(p.file, p.line) for p in draft.problems}
    more = [p for p in problems if p.severity == "error" and (p.file, p.line) not in faulty]
    return None, _ordered((*draft.problems, *more))


def _ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.severity, p.file, p.line, p.message)))


def _references(policy: Policy, found: Complaints) -> None:
    """Names that name nothing."""
    for path, kind, name, known in _named(policy):
        if name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        first = f"Did you mean '{near[0]}'? " if near else ""
        there = ", ".join(sorted(known)) or "none"
        found.at(path, f"{kind}-unknown", f"there is no {kind} '{name}'", f"{first}There are: {there}.")


def _named(policy: Policy) -> Iterator[tuple[KeyPath, str, str, Collection[str]]]:
    """Yield every place that names something else: where, what kind of thing, its name, and the names there are."""
    yield from _named_by_purposes(policy)
    for name, recipient in policy.recipients.items():
        for number, path in enumerate(recipient.needs):
            yield from _field_named(("recipients", name, "needs", number), path, policy)
    for name, shelf in policy.shelves.items():
        if shelf.then is not None:
            yield ("shelves", name, "then"), "shelf", shelf.then, policy.shelves
    acting = [("services", name, service.purposes) for name, service in policy.services.items()]
    acting += [("roles", name, role.purposes) for name, role in policy.roles.items()]
    for section, name, purposes in acting:
        for number, wanted in enumerate(purposes):
            yield (section, name, "purposes", number), "purpose", wanted, policy.purposes
    if policy.devices is not None:
        yield ("devices", "service"), "service", policy.devices.service, policy.services
        yield ("devices", "purpose"), "purpose", policy.devices.purpose, policy.purposes
        yield ("devices", "access_purpose"), "purpose", policy.devices.access_purpose, policy.purposes
        for key, path in policy.devices.fields():
            yield from _field_named(("devices", key), path, policy)
    yield ("rights", "purpose"), "purpose", policy.rights.purpose, policy.purposes
    yield ("rights", "shelf"), "shelf", policy.rights.shelf, policy.shelves


def _named_by_purposes(policy: Policy) -> Iterator[tuple[KeyPath, str, str, Collection[str]]]:
    for name, purpose in policy.purposes.items():
        yield ("purposes", name, "shelf"), "shelf", purpose.shelf, policy.shelves
        for number, recipient in enumerate(purpose.recipients):
            yield ("purposes", name, "recipients", number), "recipient", recipient, policy.recipients
        for path in purpose.needs:
            if path != "*":
                yield from _field_named(("purposes", name, "needs", path), path, policy)


def _field_named(place: KeyPath, path: str, policy: Policy) -> Iterator[tuple[KeyPath, str, str, Collection[str]]]:
    category = path.partition(".")[0]
    if category in policy.categories:
        yield place, "field", path, policy.field_paths()
    else:
        yield place, "category", category, policy.categories


def _circles(policy: Policy, found: Complaints) -> None:
    """Shelves that lead back to themselves: what stands on them would never leave (Article 5(1)(e))."""
    told: set[str] = set()
    for start in policy.shelves:
        way = [start]
        while (shelf := policy.shelves.get(way[-1])) is not None and shelf.then is not None and shelf.then not in way:
            way.append(shelf.then)
        last = policy.shelves.get(way[-1])
        if last is None or last.then != start or told & set(way):
            continue
        told |= set(way)
        found.at(
            ("shelves", start, "then"),
            "shelf-circle",
            f"shelves lead in a circle: {' → '.join([*way, start])}; what stands there never leaves",
            "Let the last one erase: take its 'then' away.",
        )


def _reachable(policy: Policy, found: Complaints) -> None:
    """Tell of an address at which nobody can reach the firm (Article 13(1)(a))."""
    for contact in policy.controller.contacts:
        if contact.kind == "email" and _EMAIL.fullmatch(contact.value) is None:
            said = f"'{contact.value}' is no e-mail address"
            found.at(("controller", "contacts"), "contact-form", said, "Write it in full, such as info@example.nl.")
    if policy.controller.website and _WEBSITE.fullmatch(policy.controller.website) is None:
        said = f"'{policy.controller.website}' is no address of a website"
        found.at(("controller", "website"), "contact-form", said, "Write it in full, such as https://example.nl.")


def _examples(policy: Policy, found: Complaints) -> None:
    """Warn where the template's own name or address would be published as the firm's."""
    remedy = "Write your own before you publish: a published version cannot be changed."
    if policy.controller.name == EXAMPLE_NAME:
        found.warn(("controller", "name"), "example-left", f"'{EXAMPLE_NAME}' is the name of the example", remedy)
    if any(contact.value == EXAMPLE_ADDRESS for contact in policy.controller.contacts):
        said = f"'{EXAMPLE_ADDRESS}' is the address of the example"
        found.warn(("controller", "contacts"), "example-left", said, remedy)
    if policy.controller.website == EXAMPLE_WEBSITE:
        said = f"'{policy.controller.website}' is the website of the example"
        found.warn(("controller", "website"), "example-left", said, remedy)


def _unused(policy: Policy, found: Complaints) -> None:
    """Warn of what is declared and serves nothing: the policy says more than is done."""
    shelves = (
        {p.shelf for p in policy.purposes.values()} | {s.then for s in policy.shelves.values()} | {policy.rights.shelf}
    )
    for name in policy.shelves:
        if name not in shelves:
            found.warn(
                ("shelves", name),
                "shelf-unused",
                f"nothing is ever put on the shelf '{name}'",
                "Let a purpose name it, or take it away.",
            )
    receiving = {r for p in policy.purposes.values() for r in p.recipients}
    for name, recipient in policy.recipients.items():
        if name not in receiving and recipient.role != "authority":
            found.warn(
                ("recipients", name),
                "recipient-unused",
                f"no purpose names the recipient '{name}'",
                "Let a purpose name it, or take it away.",
            )
