"""What may be sent to the API: every key known, every text bounded, nothing beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from gestand.breach.model import Reporter
from gestand.rights.model import Channel, IdentityLevel, Right
from gestand.rights.portal.model import Level
from gestand.statement.policy import FieldKind

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9-]+$")]
FieldName = Annotated[str, Field(max_length=120, pattern=r"^[a-z0-9_-]+\.[a-z0-9_-]+$", examples=["contact.email"])]
Datum = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]
SubjectRef = Annotated[str, Field(pattern=r"^sub_[a-z2-7]{16}$")]
SubjectPath = Annotated[str, Path(pattern=r"^sub_[a-z2-7]{16}$")]
RequestPath = Annotated[str, Path(pattern=r"^req_[a-z2-7]{16}$")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
After = Annotated[
    str, Query(max_length=40, pattern=r"^([a-z]+_[a-z2-7]{16})?$", description="The 'next' of the page before.")
]


class Body(BaseModel):
    """Something that is sent."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class NewValues(Body):
    """Data of one person or firm, for a purpose."""

    values: Annotated[dict[FieldName, Datum], Field(min_length=1, max_length=100)]
    purpose: Name
    source: Annotated[Line, Field(description="Where they come from, in words that name nobody.")]
    firm: bool = False
    on: Annotated[date | None, Field(description="The day of collection; today without it.")] = None


class Find(Body):
    """A value of an identifying field, in any notation. In the body: an address of a page is kept in logs."""

    value: Line
    kind: FieldKind | None = None


class Open(Body):
    """Why values are opened."""

    purpose: Name
    reason: Annotated[Line, Field(description="Stands in the ledger: say why now, and name nobody.")]
    fields: Annotated[tuple[FieldName, ...], Field(max_length=100)] = ()


class Rectify(Body):
    """The right value of a field."""

    field: FieldName
    value: Datum
    reason: Line
    sure: Annotated[
        Literal["second-fact", "in-person"] | None,
        Field(description="Of a new address that the old one did not confirm: how a person is sure of it."),
    ] = None


class ConsentGiven(Body):
    """A consent, or its end."""

    purpose: Name
    channel: Literal["web", "email", "telephone", "counter", "post", "form"]


class Objection(Body):
    """Purposes that are objected to, or no longer."""

    purposes: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    reason: Line


class NewRequest(Body):
    """A request of a data subject, as it came in. ``received_at``: with its zone; now without it."""

    right: Right
    contact: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]+$")]
    channel: Channel = Channel.WEB
    received_at: datetime | None = None


class Judged(Body):
    """How identity was judged; ``subject`` where several have the contact point."""

    level: IdentityLevel
    subject: SubjectRef | None = None


class CodeWanted(Body):
    """What a code for the portal opens."""

    level: Level = Level.FOLLOW


class NewBreach(Body):
    """A report of what may be a data breach."""

    what: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]
    contact: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    reporter: Reporter = Reporter.OUTSIDER
    rehearsal: bool = False


class Wish(Body):
    """Something that may or may not be given to a recipient."""

    recipient: Name
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=100)]
    purpose: Name
    ground: Line
