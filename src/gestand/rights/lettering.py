"""The verbs of letters about a request: each composes what is to be said and puts it into the outbox; see ``sending``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from gestand.kernel.clock import local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId
from gestand.post.service import Post
from gestand.rights import correspondence as said
from gestand.rights.access_letter import access_letter
from gestand.rights.calendar import past_term
from gestand.rights.casework import pauses
from gestand.rights.circumstances import Circumstance
from gestand.rights.desk import Desk
from gestand.rights.letterhead import body_of, greeted
from gestand.rights.letters import erasure_letter, extension_letter, rejection_letter
from gestand.rights.model import AccessAnswer, Closing, ErasureOutcome, Right, SubjectRequest
from gestand.rights.package import Packages
from gestand.rights.portable import PortableCopy
from gestand.rights.receipts import Receipts
from gestand.rights.sending import LANGUAGES, Sending, Sent, Values
from gestand.statement.policy import Controller, Policy, Text
from gestand.vault.rules import followed


class Letters:
    """The letters about requests. ``portal``: where an answer is fetched, as the person is told."""

    def __init__(self, desk: Desk, post: Post, sending: Sending, *, portal: str = "") -> None:
        self._desk = desk
        self._post = post
        self._sending = sending
        self._portal = portal
        self.packages = Packages(post, desk.ledger)

    def extended(self, request_id: str, *, actor: ActorId, language: str = "nl") -> Sent:
        """Send that it takes longer, with the reason.

        :raises RefusedError: ``letter-early`` if it was not extended.
        """
        request = self._desk.one(request_id)
        if not request.extended_because:
            raise _early(request, "it was not extended")
        return self._send(request, said.extended(request, self._policy(), self._today()), actor, language)

    def rejected(self, request_id: str, *, actor: ActorId, language: str = "nl") -> Sent:
        """Send a refusal with its ground, the authority and the court.

        :raises RefusedError: ``letter-early`` if it was not rejected.
        """
        request = self._desk.one(request_id)
        if not request.ground:
            raise _early(request, "it was not rejected")
        letter = said.rejected(request, self._policy(), self._today(), late=self._late(request))
        return self._send(request, letter, actor, language)

    def judged(self, request_id: str, kind: Circumstance, *, actor: ActorId, language: str = "nl") -> Sent:
        """Send what is special about a request, and what is asked for it."""
        return self._send(self._desk.one(request_id), said.judged(self._desk.one(request_id), kind), actor, language)

    def erased(self, outcome: ErasureOutcome, *, actor: ActorId, language: str = "nl") -> Sent:
        """Send what left, what stays and why. Called while the request is closed: the address itself may be gone."""
        request = self._desk.one(outcome.plan.request)
        letter = said.erased(outcome, self._policy(), self._today(), late=self._late(request))
        return self._send(request, letter, actor, language)

    def closed(self, request_id: str, *, actor: ActorId, language: str = "nl") -> Sent | None:
        """Send what was put right, restricted or stopped; None for what has no letter of its own.

        :raises RefusedError: ``letter-early`` if the request is open.
        """
        request = self._desk.one(request_id)
        if request.open:
            raise _early(request, "it is open")
        if request.outcome != str(Closing.CARRIED_OUT):
            return None
        letter = self._of_closing(request)
        return self._send(request, letter, actor, language) if letter is not None else None

    def ready(self, request_id: str, until: date, *, actor: ActorId, language: str = "nl") -> Sent:
        """Send that an answer waits until a day, and where; never the answer itself, and never its code."""
        request = self._desk.one(request_id)
        letter = said.ready(request, self._portal or self._policy().controller.website, until)
        return self._send(request, letter, actor, language)

    def replied(
        self, request_id: str, words: str, *, actor: ActorId, language: str = "nl"
    ) -> tuple[SubjectRequest, Sent]:
        """Answer a plain question in the firm's own words, and close it.

        :raises UsageError: ``request-right`` if it is no question; ``reply-empty``.
        """
        request = self._desk.open_one(request_id)
        if request.right is not Right.QUESTION:
            raise UsageError(
                "request-right", f"what was asked is {request.right}: only a plain question is answered in own words",
                where=request.id, remedy="Answer it with 'gestand request fulfil'.",
            )  # fmt: skip
        if not words.strip():
            raise UsageError("reply-empty", "there is no answer", where=request.id, remedy="Write one.")
        with self._desk.engine.transaction():
            sent = self._send(request, said.replied(request, words), actor, language)
            return self._desk.finish(request, str(Closing.ANSWERED), actor), sent

    def printed(self, answer: AccessAnswer, *, actor: ActorId, language: str = "nl") -> Sent:
        """Put a whole answer on the pile of letters to print; posted, its content is destroyed."""
        body = body_of(access_letter(answer, language))
        return self._on_paper(self._desk.one(answer.request), "access", lambda _said: {"body": body}, actor, language)

    def printed_copy(self, copy: PortableCopy, *, actor: ActorId, language: str = "nl") -> Sent:
        """Put the letter that goes with a portable copy on the pile to print: the files go beside it."""
        files = self.packages.named(copy, language)
        request = self._desk.one(copy.request)
        return self._on_paper(request, "portability", lambda _said: {"files": files}, actor, language)

    def receipt(self, request_id: str, *, actor: ActorId, language: str = "nl") -> Sent:
        """Put the receipt of a request on the pile to print."""
        request = self._desk.one(request_id)
        template, values = Receipts.words(request)
        return self._on_paper(request, template, values, actor, language)

    def words(self, letter: said.Said, name: str = "") -> Mapping[str, str]:
        """Return a letter in words, by language; ``name``: who is greeted."""
        written = (
            (each, self._post.letter_text(letter.template, each, letter.values(each), name=name)) for each in LANGUAGES
        )
        return {each: letter.text for each, letter in written}

    def extension(self, request_id: str, name: str = "") -> Mapping[str, str]:
        """Return that it takes longer as it is read on the screen, by language; ``name``: who is greeted, as in what was sent."""
        request = self._desk.one(request_id)
        return self._read(lambda each: extension_letter(request, self._controller, self._today(), each), name)

    def rejection(self, request_id: str, name: str = "") -> Mapping[str, str]:
        """Return a refusal as it is read on the screen, by language; ``name``: who is greeted, as in what was sent."""
        request = self._desk.one(request_id)
        late = self._late(request)
        return self._read(
            lambda each: rejection_letter(request, self._controller, self._today(), each, late=late), name
        )

    def erasure(self, outcome: ErasureOutcome, *, actor: ActorId) -> Mapping[str, str]:
        """Return what left and what stays as it is read on the screen, by language. Called when ``erased`` is."""
        return self._read(lambda each: self._of_erasure(outcome, each), self._greeted(outcome, actor))

    def erasure_files(self, outcome: ErasureOutcome, *, actor: ActorId) -> Mapping[str, bytes]:
        """Return what left and what stays as files to give, the receipt left out. Called when ``erased`` is."""
        letters = {each: self._of_erasure(outcome, each) for each in LANGUAGES}
        return self.packages.of_letters("erasure", letters, self._greeted(outcome, actor), self._controller.name)

    def _of_erasure(self, outcome: ErasureOutcome, language: str) -> str:
        shelf = self._policy().rights.shelf
        late = self._late(self._desk.one(outcome.plan.request))
        return erasure_letter(outcome, self._controller, self._today(), language, request_shelf=shelf, late=late)

    def _late(self, request: SubjectRequest) -> bool:
        paused = any(one.answered is None for one in pauses(self._desk, request.id))
        return past_term(request, self._today(), paused=paused)

    def _greeted(self, outcome: ErasureOutcome, actor: ActorId) -> str:
        """Return who is greeted: the name was laid aside with the address, before it left."""
        return self._sending.reach(self._desk.one(outcome.plan.request), actor=actor).name

    def _read(self, letter: Callable[[str], str], name: str) -> Mapping[str, str]:
        return {each: greeted(letter(each), name, self._controller.name, each) for each in LANGUAGES}

    def _of_closing(self, request: SubjectRequest) -> said.Said | None:
        vault = self._desk.vault
        held = vault.holdings(request.subject) if vault.exists(request.subject) else ()
        match request.right:
            case Right.RECTIFICATION:
                since = request.received_at.replace(microsecond=0)
                paths = [str(h.field) for h in held if h.rectified_at is not None and h.rectified_at >= since]
                told = self._desk.disclosed.received(request.subject, paths) if self._desk.disclosed is not None else ()
                return said.corrected(self._titles(paths), told, self._today())
            case Right.RESTRICTION:
                return said.restricted(self._titles([str(h.field) for h in held if h.restricted]), self._today())
            case Right.OBJECTION:
                purposes = self._policy().purposes
                named = followed(self._policy(), vault.objections(request.subject))
                texts = [purposes[one].title if one in purposes else Text(nl=one, en=one) for one in named]
                return said.objected(request, texts, self._today())
            case _:
                return None

    def _titles(self, paths: list[str]) -> list[Text]:
        found = ((path, self._policy().field(path)) for path in paths)
        return [field.title if field is not None else Text(nl=path, en=path) for path, field in found]

    def _send(self, request: SubjectRequest, letter: said.Said, actor: ActorId, language: str) -> Sent:
        return self._sending.send(request, letter.template, letter.values, actor=actor, language=language)

    def _on_paper(self, request: SubjectRequest, template: str, values: Values, actor: ActorId, language: str) -> Sent:
        return self._sending.send(request, template, values, actor=actor, language=language, paper=True)

    @property
    def _controller(self) -> Controller:
        return self._policy().controller

    def _policy(self) -> Policy:
        return self._desk.statements.in_force().policy

    def _today(self) -> date:
        return local_date(self._desk.clock())


def _early(request: SubjectRequest, why: str) -> RefusedError:
    return RefusedError(
        "letter-early", f"this letter says what did not happen: {why}", where=request.id, remedy="Do that first."
    )
