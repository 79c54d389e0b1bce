"""The SQL of outreach. People stand here by their id in the vault alone; a suppression is a keyed hash and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from gestand.kernel.ids import PurposeId, SubjectId
from gestand.outreach.model import Campaign, CampaignId, CampaignKind, CampaignState, Outcome, Via
from gestand.storage.engine import Engine, Row, Value

MIGRATIONS = (
    """CREATE TABLE outreach_campaign (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, via TEXT NOT NULL, purpose TEXT NOT NULL, title TEXT NOT NULL,
        template TEXT NOT NULL, language TEXT NOT NULL, own_similar INTEGER, stop_at_collection INTEGER,
        state TEXT NOT NULL, made_at TEXT NOT NULL, tested_at TEXT NOT NULL, started_at TEXT NOT NULL,
        stopped_at TEXT NOT NULL)""",
    """CREATE TABLE outreach_token (hash BLOB PRIMARY KEY, subject TEXT NOT NULL, purpose TEXT NOT NULL, made_on TEXT NOT NULL)""",
    """CREATE TABLE outreach_suppression (mark BLOB NOT NULL, purpose TEXT NOT NULL, since TEXT NOT NULL,
        PRIMARY KEY (mark, purpose))""",
    """CREATE TABLE outreach_call (subject TEXT NOT NULL, campaign TEXT NOT NULL, number INTEGER NOT NULL,
        at TEXT NOT NULL, outcome TEXT NOT NULL, offered INTEGER NOT NULL, objected INTEGER NOT NULL, actor TEXT NOT NULL,
        PRIMARY KEY (subject, campaign, number))""",
)
CAMPAIGN = (
    "id, kind, via, purpose, title, template, language, own_similar, stop_at_collection, state, made_at, tested_at, "
    "started_at, stopped_at"
)
_INSERT = f"INSERT INTO outreach_campaign ({CAMPAIGN}) VALUES (?,?,?,?,?,?,?,?,?,?,?,'','','')"  # noqa: S608 - column names only
_ONE = f"SELECT {CAMPAIGN} FROM outreach_campaign WHERE id = ?"  # noqa: S608 - column names only
_ALL = f"SELECT {CAMPAIGN} FROM outreach_campaign ORDER BY made_at, id"  # noqa: S608 - column names only
_UPDATE = "UPDATE outreach_campaign SET state = ?, tested_at = ?, started_at = ?, stopped_at = ? WHERE id = ?"
_PUT_TOKEN = "INSERT INTO outreach_token VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING"  # noqa: S105 - SQL
_TOKEN = "SELECT subject, purpose FROM outreach_token WHERE hash = ?"  # noqa: S105 - SQL
_TOKENS = "SELECT subject, purpose, hash FROM outreach_token"
_FORGET_TOKENS = "DELETE FROM outreach_token WHERE subject = ?"
_SUPPRESS = (
    "INSERT INTO outreach_suppression VALUES (?, ?, ?) ON CONFLICT (mark, purpose) DO UPDATE SET since = excluded.since"
)
_SUPPRESSED = "SELECT mark, since FROM outreach_suppression WHERE purpose = ? OR purpose = ''"
_MARKED = "SELECT purpose, since FROM outreach_suppression WHERE mark = ?"
_MARKS_BEFORE = "SELECT mark, purpose, since FROM outreach_suppression ORDER BY since"
_UNSUPPRESS = "DELETE FROM outreach_suppression WHERE mark = ?"
_UNSUPPRESS_ONE = "DELETE FROM outreach_suppression WHERE mark = ? AND purpose = ?"
_CALLS = "SELECT subject, number, outcome, at FROM outreach_call WHERE campaign = ? ORDER BY subject, number"
_PUT_CALL = "INSERT INTO outreach_call VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_CALL_ROWS = "SELECT subject, campaign, number, at FROM outreach_call ORDER BY at, subject"
_DELETE_CALL = "DELETE FROM outreach_call WHERE subject = ? AND campaign = ? AND number = ?"
_COUNTS = ("SELECT COUNT(*) FROM outreach_token", "SELECT COUNT(*) FROM outreach_suppression",
           "SELECT COUNT(*) FROM outreach_call")  # fmt: skip


class OutreachStore:
    """Campaigns, tokens, suppressions and calls as rows. Judges nothing."""

    def __init__(self, engine: Engine) -> None:
        engine.migrate("outreach", MIGRATIONS)
        self._engine = engine

    def insert(self, campaign: Campaign) -> None:
        """Write a new campaign."""
        c = campaign
        flags = [None if flag is None else int(flag) for flag in (c.own_similar, c.stop_at_collection)]
        first = (c.id, str(c.kind), str(c.via), c.purpose, c.title, c.template, c.language)
        self._engine.execute(_INSERT, (*first, *flags, str(c.state), c.made_at.isoformat()))

    def update(self, campaign: Campaign) -> None:
        """Write what changed of a campaign."""
        moments = [_text(m) for m in (campaign.tested_at, campaign.started_at, campaign.stopped_at)]
        self._engine.execute(_UPDATE, (str(campaign.state), *moments, campaign.id))

    def one(self, campaign: str) -> Campaign | None:
        """Return a campaign, or None."""
        rows = self._engine.execute(_ONE, (campaign,))
        return _campaign(rows[0]) if rows else None

    def all(self) -> list[Campaign]:
        """Return every campaign, oldest first."""
        return [_campaign(row) for row in self._engine.execute(_ALL)]

    def put_token(self, digest: bytes, subject: SubjectId, purpose: PurposeId, on: date) -> None:
        """Keep the hash of a token."""
        self._engine.execute(_PUT_TOKEN, (digest, subject, purpose, on.isoformat()))

    def token(self, digest: bytes) -> tuple[SubjectId, PurposeId] | None:
        """Return whose token has this hash, and for what."""
        rows = self._engine.execute(_TOKEN, (digest,))
        return (SubjectId(str(rows[0][0])), PurposeId(str(rows[0][1]))) if rows else None

    def tokens(self) -> dict[tuple[str, str], bytes]:
        """Return the hash of the token of each person and purpose."""
        return {(str(s), str(p)): cast("bytes", digest) for s, p, digest in self._engine.execute(_TOKENS)}

    def forget_tokens(self, subject: str) -> None:
        """Remove the tokens of a person who is gone."""
        self._engine.execute(_FORGET_TOKENS, (subject,))

    def suppress(self, marks: Iterable[bytes], purposes: Sequence[str], at: datetime) -> None:
        """Keep marks of those who want nothing for these purposes (``""``: for none at all)."""
        self._engine.many(_SUPPRESS, [(mark, purpose, at.isoformat()) for mark in marks for purpose in purposes])

    def suppressed(self, purpose: PurposeId) -> dict[bytes, datetime]:
        """Return the marks that a purpose must pass over, each with since when."""
        found: dict[bytes, datetime] = {}
        for mark, since in self._engine.execute(_SUPPRESSED, (purpose,)):
            at = datetime.fromisoformat(str(since))
            found[cast("bytes", mark)] = max(at, found.get(cast("bytes", mark), at))
        return found

    def marked(self, mark: bytes) -> Mapping[str, datetime]:
        """Return the purposes that a mark is kept for, each with since when."""
        return {str(p): datetime.fromisoformat(str(since)) for p, since in self._engine.execute(_MARKED, (mark,))}

    def marks(self) -> list[tuple[bytes, str, datetime]]:
        """Return every suppression, oldest first."""
        rows = self._engine.execute(_MARKS_BEFORE)
        return [(cast("bytes", mark), str(p), datetime.fromisoformat(str(since))) for mark, p, since in rows]

    def unsuppress(self, mark: bytes, purpose: str | None = None) -> None:
        """Remove a mark, for one purpose or for all."""
        if purpose is None:
            self._engine.execute(_UNSUPPRESS, (mark,))
        else:
            self._engine.execute(_UNSUPPRESS_ONE, (mark, purpose))

    def calls(self, campaign: str) -> dict[SubjectId, list[Outcome]]:
        """Return for each person called in a campaign how the calls went."""
        found: dict[SubjectId, list[Outcome]] = {}
        for subject, _number, outcome, _at in self._engine.execute(_CALLS, (campaign,)):
            found.setdefault(SubjectId(str(subject)), []).append(Outcome(str(outcome)))
        return found

    def put_call(  # noqa: PLR0917 - what is known of a call
        self,
        subject: SubjectId,
        campaign: str,
        number: int,
        at: datetime,
        outcome: Outcome,
        actor: str,
        *,
        offered: bool,
        objected: bool,
    ) -> None:
        """Write how a call went."""
        row = (subject, campaign, number, at.isoformat(), str(outcome), int(offered), int(objected), actor)
        self._engine.execute(_PUT_CALL, row)

    def call_rows(self) -> Iterator[tuple[str, str, int, datetime]]:
        """Yield every call: person, campaign, number, when."""
        for subject, campaign, number, at in self._engine.execute(_CALL_ROWS):
            yield str(subject), str(campaign), cast("int", number), datetime.fromisoformat(str(at))

    def delete_call(self, subject: str, campaign: str, number: int) -> None:
        """Remove a call."""
        self._engine.execute(_DELETE_CALL, (subject, campaign, number))

    def count(self) -> int:
        """Return how many rows about people there are."""
        return sum(cast("int", self._engine.execute(sql)[0][0]) for sql in _COUNTS)


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _moment(value: Value) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None


def _campaign(row: Row) -> Campaign:
    made = _moment(row[10])
    assert made is not None
    return Campaign(
        id=CampaignId(str(row[0])),
        kind=CampaignKind(str(row[1])),
        via=Via(str(row[2])),
        purpose=PurposeId(str(row[3])),
        title=str(row[4]),
        template=str(row[5]),
        language=str(row[6]),
        own_similar=None if row[7] is None else bool(row[7]),
        stop_at_collection=None if row[8] is None else bool(row[8]),
        state=CampaignState(str(row[9])),
        made_at=made,
        tested_at=_moment(row[11]),
        started_at=_moment(row[12]),
        stopped_at=_moment(row[13]),
    )
