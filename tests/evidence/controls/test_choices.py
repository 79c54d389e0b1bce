"""A consent is shown by the words that were agreed to, and the way in which (Article 7(1) GDPR, Tw 11.7(1))."""

from __future__ import annotations

import pytest

from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.model import Finding, Verdict
from gestand.evidence.registry import controls
from gestand.evidence.service import run_control
from gestand.kernel.ids import ActorId, PurposeId, SubjectId
from gestand.statement.consent import words_digest
from gestand.statement.policy import Text

OWNER = ActorId("owner")
NEWSLETTER = PurposeId("newsletter")


def verdict(sandbox: DemonstrationSandbox) -> Verdict:
    return run_control(controls()["consent-on-record"], sandbox.world()).verdict


def words(sandbox: DemonstrationSandbox, purpose: str = "newsletter") -> str:
    text = sandbox.world().policy.purposes[purpose].consent_text
    assert text is not None
    return words_digest(text)


def give(sandbox: DemonstrationSandbox, digest: str, channel: str = "web") -> SubjectId:
    subject = SubjectId(sandbox.known.customer)
    sandbox.world().vault.consent(subject, NEWSLETTER, text_digest=digest, channel=channel, actor=OWNER)
    return subject


def test_words_of_the_statement_and_a_way_are_enough(sandbox: DemonstrationSandbox):
    give(sandbox, words(sandbox))
    found = verdict(sandbox)
    assert (found.finding, found.evidence) == (Finding.KEPT, ())


@pytest.mark.parametrize("digest", ["0" * 64, "", words_digest(Text(nl="Ja", en="Yes"))])
def test_no_words_or_others_than_were_published_show_no_consent(sandbox: DemonstrationSandbox, digest: str):
    give(sandbox, digest)
    found = verdict(sandbox)
    assert found.finding is Finding.BROKEN
    assert "words that were not in the statement" in found.evidence[0]


def test_the_words_of_another_purpose_show_no_consent_to_this_one(sandbox: DemonstrationSandbox):
    give(sandbox, words(sandbox, "offers-mail"))
    assert verdict(sandbox).finding is Finding.BROKEN


def test_a_consent_of_which_nobody_knows_how_it_was_given_is_not_shown(sandbox: DemonstrationSandbox):
    give(sandbox, words(sandbox), channel=" ")
    assert "in which way" in verdict(sandbox).evidence[0]


def test_one_that_was_withdrawn_or_given_anew_in_the_right_words_stands_no_more(sandbox: DemonstrationSandbox):
    subject = give(sandbox, "0" * 64)
    sandbox.world().vault.withdraw_consent(subject, NEWSLETTER, channel="web", actor=OWNER)
    assert verdict(sandbox).finding is Finding.KEPT
    give(sandbox, "0" * 64)
    assert verdict(sandbox).finding is Finding.BROKEN
    give(sandbox, words(sandbox))
    assert verdict(sandbox).finding is Finding.KEPT
