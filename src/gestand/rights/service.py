"""Verbs of rights: receive, confirm, extend, reject, close, plan, answer, erase; each with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from gestand.kernel.clock import Clock
from gestand.kernel.entropy import Entropy
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, ItemId, SubjectId
from gestand.ledger.service import Ledger
from gestand.post.service import Post
from gestand.publication.service import Publication
from gestand.register.service import Register
from gestand.retention.tasks import Tasks
from gestand.rights import (
    answering,
    erasing,
    giving,
    identity,
    porting,
    receiving,
    rectifying,
    restricting,
    searching,
)
from gestand.rights.choices import Choices, Suppress
from gestand.rights.desk import Desk
from gestand.rights.filing import RequestFiles
from gestand.rights.giving import Given
from gestand.rights.judging import Judging
from gestand.rights.lettering import Letters
from gestand.rights.listing import Listing
from gestand.rights.model import (
    AccessAnswer,
    Breached,
    Channel,
    Closing,
    Disclosed,
    ErasureOutcome,
    ErasurePlan,
    Exempt,
    IdentityLevel,
    Right,
    SubjectRequest,
)
from gestand.rights.moving import Moving
from gestand.rights.portable import PortableCopy
from gestand.rights.receipts import Receipts
from gestand.rights.rectifying import Rectified
from gestand.rights.sending import Sending
from gestand.rights.store import RequestStore
from gestand.sources.marking import Restrained
from gestand.sources.model import Found
from gestand.sources.service import Sources
from gestand.staff.service import Staff
from gestand.storage.engine import Engine
from gestand.vault.service import Vault


class Requests(Judging, Listing):
    """The requests of data subjects. ``moving``: changes of address. ``letters``: what they are told. ``portal``: where an answer is fetched, for letters.

    ``four_eyes``: who looks a second time at each plan of an erasure; None: the firm asks no second look.
    """

    def __init__(  # noqa: PLR0917 - the services, in the order system builds them
        self,
        engine: Engine,
        vault: Vault,
        ledger: Ledger,
        register: Register,
        statements: Publication,
        clock: Clock,
        entropy: Entropy,
        sources: Sources,
        suppress: Suppress = lambda _subject, _purposes: 0,
        *,
        disclosed: Disclosed | None = None,
        breached: Breached | None = None,
        post: Post,
        reach_key: bytes,
        portal: str = "",
        four_eyes: Staff | None = None,
        choices: Choices,
        move_key: bytes,
        tasks: Tasks,
    ) -> None:
        self._tasks = tasks
        self._post = post
        self._choices = choices
        files = RequestFiles(vault, statements)
        sending = Sending(engine, vault, statements, post, entropy, key=reach_key)
        self._desk = Desk(
            engine,
            RequestStore(engine),
            files,
            vault,
            ledger,
            register,
            statements,
            clock,
            entropy,
            sources,
            suppress,
            disclosed,
            Receipts(post),
            four_eyes,
            sending,
            breached,
        )
        self.letters = Letters(self._desk, post, sending, portal=portal)
        self.moving = Moving(self._desk, choices, post, key=move_key)

    def receive(
        self,
        right: Right,
        *,
        contact: str,
        channel: Channel,
        actor: ActorId,
        received_at: datetime | None = None,
        answering: Iterable[tuple[str, str]] = (),
    ) -> SubjectRequest:
        """Record that a request came in; its clock runs from ``received_at`` (aware; now if None).

        ``contact`` is whatever the person wrote or called from: an e-mail address, a number, what a letter says. Where
        exactly one subject has it, the request is about them. A stranger, and one of several with the same contact
        point, gets a file of their own: no request is lost, and none is refused for being unknown.
        A receipt goes out at once where mail can be sent; ``answering``: the headers of the mail it came in.

        :raises UsageError: if the moment lies in the future or has no zone, or the contact is empty.
        """
        return receiving.receive(
            self._desk,
            right,
            contact=contact,
            channel=channel,
            actor=actor,
            received_at=received_at,
            answering=answering,
        )

    def confirm(
        self, request_id: str, level: IdentityLevel, *, actor: ActorId, subject: SubjectId | None = None
    ) -> SubjectRequest:
        """Record how identity was judged, and whose data the request is about if the contact point did not tell.

        What was shown as proof is not kept (Articles 5(1)(c) and 12(6)). A plan that was made for another subject must be made again.

        :raises UsageError: if ``subject`` is not there.
        :raises RefusedError: if several subjects have the contact point and none of them is named.
        """
        return receiving.confirm(self._desk, request_id, level, actor=actor, subject=subject)

    def extend(self, request_id: str, reason: str, *, actor: ActorId) -> SubjectRequest:
        """Extend by two months (Article 12(3)): once, within the first month, with a reason that the person is told.

        :raises RefusedError: if the first month is over, it was extended before, or no reason is given.
        """
        return receiving.extend(self._desk, request_id, reason, actor=actor)

    def reject(self, request_id: str, ground: str, *, actor: ActorId, exempt: Exempt | None = None) -> SubjectRequest:
        """Reject a request; only a person may, and never without a ground (Article 12(4)).

        :raises RefusedError: if the actor is the program itself or the ground is empty; ``objection-absolute``.
        """
        return receiving.reject(self._desk, request_id, ground, actor=actor, exempt=exempt)

    def close(self, request_id: str, outcome: Closing, *, actor: ActorId) -> SubjectRequest:
        """Close a request that was carried out on the data themselves, or that the person took back.

        :raises RefusedError: if nothing of it is to be seen in the data, identity was not judged, or the program itself
            wants to withdraw it.
        :raises UsageError: ``request-right`` for a right that is answered otherwise.
        """
        return receiving.close(self._desk, request_id, outcome, actor=actor)

    def given(
        self, request_id: str, what: Given, way: Channel, *, actor: ActorId, on: date | None = None
    ) -> SubjectRequest:
        """Record that who asked was given an answer, a refusal or a notice by hand, on a day (today if None).

        What leaves from the outbox or is fetched in the portal is known without it.

        :raises RefusedError: ``given-early`` while there is nothing that could have been given. :raises UsageError: ``given-date``.
        """
        return giving.give(self._desk, request_id, what, way, on=on, actor=actor)

    def answer(self, request_id: str, *, actor: ActorId, deliver: answering.Deliver | None = None) -> AccessAnswer:
        """Answer an access request: everything held, each datum with its context. Closes the request.

        ``deliver`` is called with the answer before the request closes: if it fails, the request stays open.

        :raises RefusedError: if identity has not been judged.
        :raises UsageError: ``request-right`` if something else was asked.
        """
        return answering.answer(self._desk, request_id, actor=actor, deliver=deliver)

    def port(self, request_id: str, *, actor: ActorId, deliver: porting.Deliver | None = None) -> PortableCopy:
        """Give what the person provided under consent or a contract, in forms other programs read. Closes the request.

        ``deliver`` is called with the copy before the request closes: if it fails, the request stays open.

        :raises RefusedError: if identity has not been judged.
        :raises UsageError: ``request-right`` if something else was asked.
        """
        return porting.port(self._desk, request_id, actor=actor, deliver=deliver)

    def preview(self, request_id: str) -> ErasurePlan:
        """Judge every datum as ``plan`` does, and record nothing.

        :raises RefusedError: if identity has not been judged.
        """
        return erasing.preview(self._desk, request_id)

    def plan(self, request_id: str, *, actor: ActorId) -> ErasurePlan:
        """Judge every datum of an erasure request and record the plan; nothing is erased yet.

        :raises RefusedError: if identity has not been judged.
        :raises UsageError: ``request-right`` if something else was asked.
        """
        return erasing.plan(self._desk, request_id, actor=actor)

    def erase(self, request_id: str, *, actor: ActorId, deliver: erasing.Deliver | None = None) -> ErasureOutcome:
        """Carry out an erasure request as planned, then search again; only absence closes it.

        ``deliver`` is called with what was done in the transaction that closes it: what tells the person is queued or nothing is.

        What must stay by law is kept with its ground; what must be restricted is. Killed on the way it is still open:
        run again it goes on with what is left, and counts what had left before.

        :raises RefusedError: if the request was not planned, or what is held has changed since.
        :raises DamagedError: if the renewed search still finds something.
        """
        return erasing.erase(self._desk, request_id, actor=actor, deliver=deliver)

    def erase_now(self, subject: SubjectId, fields: Collection[str] = (), *, actor: ActorId) -> ErasureOutcome:
        """Erase what may go of a subject, or of some of its fields, without a request of theirs: an account that is closed.

        Of the whole subject also what every other system and the e-mail archive hold, and all of it is searched again.

        Judged datum by datum as a request would be: what the law, a hold or a running agreement keeps stays, with its
        ground. What a request asks is answered by ``receive``, ``plan`` and ``erase``, within its term.
        """
        return erasing.erase_now(self._desk, subject, fields, actor=actor)

    def rectify(
        self,
        item: ItemId,
        value: str,
        *,
        actor: ActorId,
        reason: str,
        request: str = "",
        sure: IdentityLevel | None = None,
        everywhere: bool = True,
    ) -> Rectified:
        """Put the right value in place of a wrong one: in every other system first, then here (Article 16).

        A place elsewhere that says something else again is a conflict and stays; what was issued or received is not
        rewritten. Who got the wrong value is to be told (Article 19): ``sharing.to_tell`` has it. Run again it goes on.
        ``everywhere`` false: here alone. ``sure``: how a person is sure of a new address that the old one did not confirm.

        :raises UsageError: ``item-unknown``, ``value-unsound``, ``reason``. :raises RefusedError: ``contact-unconfirmed``,
            ``identity-not-judged``, ``request-other-subject``.
        :raises GestandError: ``source-unsearched``: a system is away, and nothing was changed here yet.
        """
        return rectifying.rectify(
            self._desk, self._choices, item, value, actor=actor, reason=reason, request=request, sure=sure,
            everywhere=everywhere,
        )  # fmt: skip

    def restrict_elsewhere(
        self, subject: SubjectId, *, restricted: bool, actor: ActorId, reason: str
    ) -> tuple[Restrained, ...]:
        """Mark what every other system and the archive hold of a person as not to be used (Article 18), or lift the mark.

        What has no room for the mark is told, and becomes a task for a person, with a last day.

        :raises GestandError: ``source-unsearched``: a system is away, and nothing was marked anywhere.
        """
        return restricting.elsewhere(
            self._desk, self._tasks, subject, restricted=restricted, actor=actor, reason=reason
        )

    def find(self, request_id: str, *, actor: ActorId, yes: Sequence[str] = (), no: Sequence[str] = ()) -> Found:
        """Search every other system for the person who asks; ``yes`` and ``no`` say of doubtful traces whose they are.

        :raises RefusedError: if identity has not been judged, or the program itself would say whose a trace is.
        """
        return searching.find(self._desk, request_id, actor=actor, yes=yes, no=no)

    def send_code(self, request_id: str, *, actor: ActorId, subject: SubjectId | None = None) -> str:
        """Send a one-time code to an e-mail address held of who asks, and return its Message-ID; see ``identity.send_code``.

        :raises UsageError: ``smtp-not-set`` without post. :raises RefusedError: ``identity-no-address``, ``request-closed``.
        """
        if not self._post.reachable:
            raise UsageError(
                "smtp-not-set",
                "the settings name no server to send mail through",
                where="gestand.toml",
                remedy='Add [mail.smtp] with host, user, password = "env:NAME" and from.',
            )
        return identity.send_code(self._desk, self._post, request_id, actor=actor, subject=subject)

    def prove(self, request_id: str, code: str, *, actor: ActorId) -> bool:
        """Judge a typed code; a right one confirms the request at the level of a contact point. False says nothing more."""
        whose = identity.prove(self._desk, request_id, code)
        if whose is None:
            return False
        self.confirm(request_id, IdentityLevel.CONTACT_POINT, actor=actor, subject=whose)
        return True
