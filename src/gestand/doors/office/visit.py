"""One request of somebody who is signed in, and the answer to it: what every page of the office gets and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from jinja2 import Environment

from gestand.doors.office.memory import Memory
from gestand.doors.office.routes import Page
from gestand.kernel.clock import AMSTERDAM, local_date
from gestand.kernel.errors import RefusedError, UsageError
from gestand.kernel.ids import ActorId, PurposeId
from gestand.staff.model import Person, Session
from gestand.staff.passkeys import Site
from gestand.statement.policy import Policy
from gestand.system import System

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a page, a place to go to, or a file."""

    body: bytes = b""
    title: str = ""
    location: str = ""
    status: int = 200
    media: str = "text/html; charset=utf-8"
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A request: who asks, in which language, the ids in the path, and what was filled in; ``place``: where it is in the menu."""

    house: System
    memory: Memory
    site: Site
    templates: Environment
    language: str
    person: Person
    session: Session
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Page | None = None

    @property
    def actor(self) -> ActorId:
        """Who acts, as the ledger knows them."""
        return self.person.id

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.house.clock()

    @property
    def today(self) -> date:
        """The present local date."""
        return local_date(self.now)

    @property
    def policy(self) -> Policy:
        """The policy of the statement in force."""
        return self.house.publication.in_force().policy

    def say(self, nl: str, en: str) -> str:
        """Return a text in the language of the page."""
        return nl if self.language == "nl" else en

    def purposes(self) -> tuple[PurposeId, ...]:
        """Return the purposes that whoever asks may act for."""
        return self.house.staff.may(self.person, self.policy)

    def purpose(self, name: str) -> PurposeId:
        """Return a purpose that was chosen.

        :raises RefusedError: ``role-purpose`` if no role of whoever asks allows it.
        """
        if name not in self.purposes():
            raise RefusedError(
                "role-purpose",
                f"none of your roles may act for the purpose '{name}'",
                where="policy.toml: roles",
                remedy="Ask a colleague who may, or a keeper for the role.",
            )
        return PurposeId(name)

    def fresh(self) -> None:
        """Refuse an act that asks a key again where none was shown in the last minutes.

        :raises RefusedError: ``not-fresh``.
        """
        if not self.session.is_fresh(self.now):
            raise RefusedError("not-fresh", "this asks your passkey again", remedy="Show it.")

    def field(self, name: str) -> str:
        """Return what was filled in, without white space around it.

        :raises UsageError: ``field-empty``.
        """
        found = self.form.get(name, "").strip()
        if not found:
            raise UsageError("field-empty", f"'{name}' is empty", remedy="Fill it in.")
        return found

    def choice(self, name: str, among: type[Choice]) -> Choice:
        """Return what was chosen of a list.

        :raises UsageError: ``field-empty``, ``choice``.
        """
        wanted = self.field(name)
        found = next((one for one in among if one == wanted), None)
        if found is None:
            raise UsageError("choice", f"'{name}' has no such choice", remedy="Choose one of the list.")
        return found

    def day(self, name: str, default: date | None = None) -> date:
        """Return a date that was filled in.

        :raises UsageError: ``date``.
        """
        text = self.form.get(name, "").strip()
        if not text and default is not None:
            return default
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise UsageError("date", f"'{text}' is no date", remedy="Write it as 2026-12-01.") from None

    def moment(self, name: str) -> datetime | None:
        """Return a moment that was filled in, on the Dutch clock; None where it was left empty.

        :raises UsageError: ``moment``.
        """
        text = self.form.get(name, "").strip()
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)
        except ValueError:
            raise UsageError("moment", f"'{text}' is no moment", remedy="Write it as 2026-12-01T09:30.") from None

    def number(self, name: str) -> int:
        """Return a whole number that was filled in, 0 where it was left empty.

        :raises UsageError: ``number``.
        """
        return self._whole(self.form.get(name, ""))

    def asked(self, name: str) -> int:
        """Return a whole number of the address, 0 where it has none.

        :raises UsageError: ``number``.
        """
        return self._whole(self.query.get(name, ""))

    @staticmethod
    def _whole(given: str) -> int:
        text = given.strip() or "0"
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            raise UsageError("number", f"'{text}' is no whole number", remedy="Write digits alone.")
        return int(text)

    @property
    def letter(self) -> str:
        """The language in which somebody is written to: what was chosen, Dutch otherwise."""
        return "en" if self.form.get("letter") == "en" else "nl"

    def to(self, path: str) -> str:
        """Return the address of another page in the same language."""
        return f"/office/{self.language}/{path}"

    def go(self, path: str) -> Answer:
        """Send to another page: after something was done."""
        return Answer(location=self.to(path), status=204)

    def page(self, template: str, title: str = "", /, **values: object) -> Answer:
        """Make a page; without a title of its own it has that of its place in the menu."""
        if not title and self.place is not None and self.place.title is not None:
            title = self.place.title.into(self.language)
        html = self.templates.get_template(template).render(
            visit=self, language=self.language, title=title, policy=self.policy, **values
        )
        return Answer(html.encode(), title)

    def file(self, content: bytes, filename: str, media: str) -> Answer:
        """Give a file to keep."""
        return Answer(content, media=media, filename=filename)
