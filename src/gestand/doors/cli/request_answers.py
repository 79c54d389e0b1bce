"""``gestand request fulfil``: the answer itself, on the screen, in a folder, on paper, or sealed under a one-time code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gestand.doors.cli.copies import removal_document
from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.organisation import opened
from gestand.doors.cli.output import emit, say
from gestand.doors.cli.request_plan import plan_of, show_whole_plan
from gestand.doors.cli.sent import Language, Send, say_sent, sent_document
from gestand.doors.cli.writing import write_beside, write_out
from gestand.kernel.clock import local_date
from gestand.kernel.errors import UsageError
from gestand.kernel.ids import ActorId, RequestId
from gestand.rights.model import AccessAnswer, ErasureOutcome, Right
from gestand.rights.portable import PortableCopy

if TYPE_CHECKING:
    from gestand.rights.sending import Sent
    from gestand.system import System

app = typer.Typer()


@dataclass(slots=True)
class Out:
    """Where an answer goes, and what came of it: ``files`` in ``folder``, under ``code``, or the letter that was ``sent``."""

    house: System
    request: RequestId
    actor: ActorId
    folder: Path | None
    hand_over: bool
    paper: bool
    send: bool
    language: str
    as_json: bool
    screen: bool = False
    code: str = ""
    files: Mapping[str, bytes] | None = None
    sent: Sent | None = None

    def give(self, files: Mapping[str, bytes]) -> None:
        """Put files where they are to go, before the request is closed."""
        self.files = files
        if self.folder is not None:
            write_out(self.folder, files)
        if self.hand_over:
            self.code = self.house.parcels.put(self.request, files, actor=self.actor)

    def finish(self) -> None:
        """Put the receipt beside them, now that the answer stands in the ledger, and tell that it waits."""
        if self.files is None:
            return
        proof = self.house.requests.letters.packages.receipt(self.request)
        if self.folder is not None:
            write_beside(self.folder, proof)
        if self.hand_over:
            self.house.parcels.put_again(self.request, {**self.files, **proof}, self.code)
            expires = self.house.parcels.expires(self.request)
            if self.send and expires is not None:
                letters = self.house.requests.letters
                until = local_date(expires)
                self.sent = letters.ready(self.request, until, actor=self.actor, language=self.language)

    @property
    def somewhere(self) -> bool:
        """Whether it goes anywhere but to the screen."""
        return self.folder is not None or self.hand_over or self.paper

    def document(self) -> dict[str, Any]:
        """Return what came of it, for a machine."""
        return {
            **({"code": self.code} if self.code else {}),
            **({"folder": str(self.folder)} if self.folder is not None else {}),
            **sent_document(self.sent),
        }

    def say(self, what: str) -> None:
        """Say where it is, and what to do with it."""
        if self.folder is not None:
            say(f"{what}. Send what is in {self.folder}, then remove that folder.")
        if self.hand_over:
            say(f"{what}, waiting to be fetched. Tell the person this code; it is kept nowhere: {self.code}")
        say_sent(self.sent)


@app.command()
def fulfil(
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="The request's id.")],
    out: Annotated[Path | None, typer.Option("--out", help="A new folder for the answer, to send.")] = None,
    hand_over: Annotated[
        bool, typer.Option("--hand-over", help="Seal the answer under a one-time code, to be fetched once.")
    ] = False,
    paper: Annotated[bool, typer.Option("--paper", help="Put the answer on the pile of letters to print.")] = False,
    screen: Annotated[
        bool, typer.Option("--screen", help="Show the answer here alone; it cannot be had again afterwards.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do.")] = False,
    send: Send = True,
    language: Language = "nl",
    org: Org = HERE,
    as_json: Json = False,
    actor: Annotated[str, typer.Option("--actor", help="Who acts.")] = "owner",
) -> None:
    """Answer an access request, give a portable copy, or carry out an erasure request as planned and search again."""
    if out is not None and out.exists():
        raise UsageError(
            "answer-folder", f"{out} is there already", where="--out", remedy="Name a folder that does not exist yet."
        )
    with opened(org) as house:
        found = house.requests.one(request)
        act = {Right.ACCESS: _answer, Right.PORTABILITY: _port, Right.ERASURE: _erase}.get(found.right)
        if act is None:
            raise UsageError(
                "request-right",
                f"'{found.right}' is carried out on the data themselves",
                where=request,
                remedy="See 'gestand subject --help' (rectify, restrict, object), then 'gestand request close'.",
            )
        act(
            Out(house, found.id, ActorId(actor), out, hand_over, paper, send, language, as_json, screen),
            dry_run=dry_run,
        )


def _answer(out: Out, *, dry_run: bool) -> None:
    from gestand.rights.access_letter import access_letter
    from gestand.rights.answer import to_json
    from gestand.rights.letterhead import greeted

    if dry_run:
        _foresee(out)
        return
    asked = out.house.requests.one(out.request)
    if not (out.somewhere or out.as_json or out.screen) and asked.open and asked.identity is not None:
        raise UsageError(
            "answer-nowhere", "the answer would stand on this screen alone, and the request would be closed", where=out.request,
            remedy="Put it in a new folder (--out), seal it to be fetched (--hand-over), print it (--paper), or say --screen.",
        )  # fmt: skip
    letters = out.house.requests.letters

    def deliver(answer: AccessAnswer) -> None:
        if out.folder is not None or out.hand_over:
            out.give(letters.packages.of_access(answer))
        if out.paper:
            out.sent = letters.printed(answer, actor=out.actor, language=out.language)
        if not out.somewhere and not out.as_json:
            say(greeted(access_letter(answer, out.language), answer.name, answer.controller, out.language))

    answer = out.house.requests.answer(out.request, actor=out.actor, deliver=deliver)
    out.finish()
    if out.as_json:
        emit({**to_json(answer), **out.document()})
    else:
        out.say(f"{len(answer.data)} data answered")


def _foresee(out: Out) -> None:
    holdings = out.house.vault.holdings(out.house.requests.one(out.request).subject)
    if out.as_json:
        named = [{"field": h.field, "source": h.source} for h in holdings]
        emit({"request": out.request, "data": named, "dry_run": True})
    else:
        say(f"The answer would hold {len(holdings)} data: {', '.join(h.field for h in holdings) or 'none'}.")


def _port(out: Out, *, dry_run: bool) -> None:
    if out.folder is None and not out.hand_over and not dry_run:
        raise UsageError(
            "answer-folder", "a copy to take along is files", where="--out",
            remedy="Name a new folder with --out, or seal it with --hand-over.",
        )  # fmt: skip
    if dry_run:
        holdings = out.house.vault.holdings(out.house.requests.one(out.request).subject)
        say(f"The copy would be made of what the person provided, at most {len(holdings)} data.")
        return
    letters = out.house.requests.letters

    def deliver(copy: PortableCopy) -> None:
        out.give(letters.packages.of_copy(copy))
        if out.paper:
            out.sent = letters.printed_copy(copy, actor=out.actor, language=out.language)

    copy = out.house.requests.port(out.request, actor=out.actor, deliver=deliver)
    out.finish()
    if out.as_json:
        emit({"request": copy.request, "data": len(copy.data), "digest": copy.digest, **out.document()})
    else:
        out.say(f"{len(copy.data)} data to take along")


def _erase(out: Out, *, dry_run: bool) -> None:
    if dry_run:
        preview = out.house.requests.preview(out.request)
        emit({**plan_of(preview), "dry_run": True}) if out.as_json else show_whole_plan(preview)
        return
    letters = out.house.requests.letters
    read: dict[str, str] = {}

    def deliver(outcome: ErasureOutcome) -> None:
        read.update(letters.erasure(outcome, actor=out.actor))
        if out.folder is not None or out.hand_over:
            out.give(letters.erasure_files(outcome, actor=out.actor))
        if out.send and not out.hand_over:
            out.sent = letters.erased(outcome, actor=out.actor, language=out.language)
        elif out.send:
            expires = out.house.parcels.expires(out.request)
            assert expires is not None
            out.sent = letters.ready(out.request, local_date(expires), actor=out.actor, language=out.language)
            out.send = False  # told already: afterwards the address may be gone

    outcome = out.house.requests.erase(out.request, actor=out.actor, deliver=deliver)
    out.finish()
    if out.as_json:
        emit(
            {
                **plan_of(outcome.plan),
                "erased": outcome.erased,
                "kept": outcome.kept,
                "removed": [removal_document(copy) for copy in outcome.copies],
                "absence_proven": outcome.absence_proven,
                "to_tell": [{"nl": text.nl, "en": text.en} for text in outcome.to_tell],
                "letter": read,
                **out.document(),
            }
        )
        return
    show_whole_plan(outcome.plan)
    say(f"{outcome.erased} erased. Searched again: {outcome.found_afterwards} found.\n")
    if not out.somewhere:
        say(read["nl"])
    out.say("The letter")
