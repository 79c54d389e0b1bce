"""Violations at the door: what leaves it, who comes in past it, and what people find lacking."""

from __future__ import annotations

from dataclasses import replace

from gestand.evidence.breaks.model import Break
from gestand.evidence.controls.attested import CONTROLS as ATTESTED
from gestand.evidence.model import Page, World
from gestand.evidence.sandbox import Sandbox
from gestand.kernel.ids import ActorId
from gestand.ledger.model import Event, Fact

CURIOUS = ActorId("temp-worker")


def cookie_at_the_proxy(sandbox: Sandbox) -> World:
    """The hosting provider's proxy sets a cookie on every page to spread the load."""
    world = sandbox.world()

    def through_proxy(path: str) -> Page:
        page = world.visit(path)
        return replace(page, headers=(*page.headers, ("set-cookie", "node=a3; Path=/")))

    return replace(world, visit=through_proxy)


def words_changed_on_the_way(sandbox: Sandbox) -> World:
    """A cache in front of the site serves a page in which a sentence is another."""
    world = sandbox.world()
    sentence = world.statement.texts[0].clauses[2].text.encode()

    def through_cache(path: str) -> Page:
        page = world.visit(path)
        words = sentence.split()
        return replace(page, body=page.body.replace(words[-1], b"soms", 1).replace(b"Daarom", b"Meestal", 1))

    return replace(world, visit=through_cache)


def opened_for_curiosity(sandbox: Sandbox) -> World:
    """A temporary worker looks at a customer through a script of their own, for no purpose of the firm."""
    world = sandbox.world()
    reference = world.vault.reference(sandbox.known.customer)
    facts: dict[str, Fact] = {"purpose": "curiosity", "reason": "wanted to know", "items": 1, "refused": 0}
    world.ledger.append(Event("data.opened", sandbox.clock(), CURIOUS, facts, reference))
    return world


def _found_lacking(measure: str) -> Break:
    def commit(sandbox: Sandbox) -> World:
        world = sandbox.world()
        world.measures.attest(measure, evidence="inspection: not in place", actor=ActorId("owner"), in_place=False)
        return world

    return Break(measure, "An inspection found that it is not so.", commit)


BREAKS = (
    Break("pages-store-nothing", cookie_at_the_proxy.__doc__ or "", cookie_at_the_proxy),
    Break("statement-read-as-published", words_changed_on_the_way.__doc__ or "", words_changed_on_the_way),
    Break("openings-purpose-bound", opened_for_curiosity.__doc__ or "", opened_for_curiosity),
    *(_found_lacking(control.id) for control in ATTESTED),
)
