"""Violations through the mail server: what leaves the house past the campaigns, and what no longer comes back."""

from __future__ import annotations

from gestand.evidence.breaks.model import Break
from gestand.evidence.model import World
from gestand.evidence.sandbox import Sandbox
from gestand.post.model import Mail, MailKind


def offer_from_a_list_of_ones_own(sandbox: Sandbox) -> World:
    """Someone mailed an offer to an address from a list of their own, straight through the outbox."""
    offer = Mail("iemand@example.org", "Nu 20% korting", "Alleen deze week.", kind=MailKind.OFFER)
    sandbox.world().post.send(offer)
    sandbox.deliver()
    return sandbox.world()


def links_cleaned_up(sandbox: Sandbox) -> World:
    """A clean-up of old rows threw away the tokens: every link to unsubscribe in people's mail is dead."""
    engine = sandbox.world().engine
    with engine.transaction():
        engine.execute("DELETE FROM outreach_token")
    sandbox.close()
    return sandbox.world()


BREAKS = (
    Break("marketing-only-with-consent", offer_from_a_list_of_ones_own.__doc__ or "", offer_from_a_list_of_ones_own),
    Break("unsubscribe-works", links_cleaned_up.__doc__ or "", links_cleaned_up),
)
