"""What may be sent to the API: every key known, every text bounded, nothing beside it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from gestand.statement.policy import FieldKind

Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9-]+$")]
FieldName = Annotated[str, Field(max_length=120, pattern=r"^[a-z0-9_-]+\.[a-z0-9_-]+$", examples=["contact.email"])]
Datum = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]
SubjectRef = Annotated[str, Field(pattern=r"^sub_[a-z2-7]{16}$")]
SubjectPath = Annotated[str, Path(pattern=r"^sub_[a-z2-7]{16}$")]
RequestPath = Annotated[str, Path(pattern=r"^req_[a-z2-7]{16}$")]
DossierPath = Annotated[str, Path(pattern=r"^dos_[a-z2-7]{16}$")]
DevicePath = Annotated[str, Path(pattern=r"^dev_[a-z2-7]{16}$")]
CopyPath = Annotated[str, Path(pattern=r"^img_[a-z2-7]{16}$")]
BreachPath = Annotated[str, Path(pattern=r"^bre_[a-z2-7]{16}$")]
CampaignPath = Annotated[str, Path(pattern=r"^cam_[a-z2-7]{16}$")]
HoldPath = Annotated[str, Path(pattern=r"^hld_[a-z2-7]{16}$")]
SharePath = Annotated[str, Path(pattern=r"^[a-z]{3}_[a-z2-7]{16}$")]
ProposalPath = Annotated[str, Path(pattern=r"^prp_[a-z2-7]{16}$")]
MessagePath = Annotated[str, Path(pattern=r"^msg_[a-z2-7=]{16,64}$")]
NamePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
Words = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]
"""A text of several lines."""
Language = Literal["nl", "en"]
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


ItemRef = Annotated[str, Field(pattern=r"^itm_[a-z2-7]{16}_[0-9]{1,9}$")]


class Rectify(Body):
    """The right value of a field; ``item`` where the field is held several times."""

    field: FieldName
    value: Datum
    reason: Line
    item: ItemRef | None = None
    sure: Annotated[
        Literal["second-fact", "in-person"] | None,
        Field(description="Of a new address that the old one did not confirm: how a person is sure of it."),
    ] = None


class Why(Body):
    """Why something is done."""

    reason: Line


class On(Body):
    """A local day; today without it."""

    on: date | None = None


class ConsentGiven(Body):
    """A consent, or its end."""

    purpose: Name
    channel: Literal["web", "email", "telephone", "counter", "post", "form"]


class Objection(Body):
    """Purposes that are objected to, or no longer."""

    purposes: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    reason: Line
