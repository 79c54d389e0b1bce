"""Controls of the e-mail archive: everything that came in is here, nothing is older than promised, the origin is emptied."""

from __future__ import annotations

from datetime import date, timedelta

from gestand.evidence.controls.common import entries, judged
from gestand.evidence.model import Control, Verdict, World
from gestand.kernel.clock import local_date
from gestand.law.periods import keeping
from gestand.ledger.model import Entry
from gestand.statement.policy import Text

GRACE = timedelta(days=1)
AT_ORIGIN_DAYS = 30
"""Days that a message may lie at its provider where the settings do not say it: long enough for a person to do it by hand."""


def archive_receives_all(world: World) -> Verdict:
    """What the ledger says came in is in the store, can be opened, and is in the index; but for what was erased.

    After a restore it counts from what the backup brought back; what came in after that backup was made is told as lost.
    """
    admitted = erased = unread = lost = 0
    for entry in entries(world, "message.admitted", "message.erased", "restore.done"):
        number = _number(entry, "messages")
        if entry.event.name == "message.admitted":
            admitted += number
            unread += _number(entry, "unread")
        elif entry.event.name == "message.erased":
            erased += number
        elif "messages" in entry.event.facts:
            lost = admitted - erased - number
    stored, indexed = world.archive.coverage()
    faults: list[str] = []
    if stored != admitted - erased - lost:
        gone = f", {lost} were not in the backup that was restored" if lost else ""
        faults.append(f"{admitted} messages came in, {erased} were erased{gone}; {stored} are in the store")
    if indexed != stored:
        faults.append(f"{stored} messages are in the store and {indexed} in the index")
    faults += [f"message number {number}: nothing opens it any more" for number in world.archive.numbers_without_key()]
    failed = {str(one.event.facts.get("mailbox")): _number(one, "failed") for one in entries(world, "mailbox.read")}
    faults += [f"mailbox {name}: {count} messages could not be read" for name, count in failed.items() if count]
    return judged(
        faults,
        admitted,
        kept=Text(nl="Elk ontvangen bericht staat in het archief.", en="Every message that came in is in the archive."),
        broken=Text(nl="Er ontbreken berichten in het archief.", en="Messages are missing from the archive."),
        figures={"stored": stored, "erased": erased, "kept_unread": unread, "lost_with_a_restore": lost},
    )


def archive_within_period(world: World) -> Verdict:
    """No message is past its time (but for a legal hold), and its time is what its shelf makes of its arrival."""
    today = local_date(world.clock())
    faults: list[str] = []
    seen = corrected = 0
    for kept in world.archive.every():
        seen += 1
        corrected += kept.corrected_by is not None
        then = world.publication.version(kept.version)
        shelf = (then.policy.shelves.get(kept.shelf) if then else None) or world.policy.shelves.get(kept.shelf)
        if shelf is None:
            faults.append(f"{kept.message}: lies on no shelf of its statement ('{kept.shelf}')")
            continue
        limit = keeping(kept.received, shelf.period, shelf.counts_from).erase_from
        if kept.due is None or kept.due > limit:
            faults.append(f"{kept.message}: set to leave later than shelf '{kept.shelf}' allows ({limit})")
        if kept.due is not None and kept.due + GRACE < today and world.archive.holds.of(kept, today) is None:
            faults.append(f"{kept.message}: should be gone since {kept.due}")
    return judged(
        faults,
        seen,
        kept=Text(nl="Geen bericht is ouder dan beloofd.", en="No message is older than promised."),
        broken=Text(nl="Er staan berichten die weg hadden moeten zijn.", en="Messages are kept that should be gone."),
        figures={"classed_by_a_person": corrected},
    )


def origin_mailbox_emptied(world: World) -> Verdict:
    """After the last reading and emptying, nothing older lies in a mailbox at its provider than the settings allow, or 30 days."""
    limits = {box.name: box.empty_after_days or AT_ORIGIN_DAYS for box in world.ways.settings.mailboxes}
    last: dict[str, Entry] = {}
    emptied: dict[str, int] = {}
    for entry in entries(world, "mailbox.read", "mailbox.emptied"):
        name = str(entry.event.facts.get("mailbox"))
        if entry.event.name == "mailbox.read":
            last[name] = entry
        elif not _number(entry, "left"):
            emptied[name] = entry.index
    faults: list[str] = []
    for name, entry in last.items():
        oldest = str(entry.event.facts.get("oldest") or "")
        if not oldest or name not in limits or emptied.get(name, -1) > entry.index:
            continue
        age = (local_date(entry.event.at) - date.fromisoformat(oldest)).days
        if age > limits[name] + GRACE.days:
            faults.append(
                f"mailbox {name}: a message of {oldest} lies at the provider still (ledger entry {entry.index}; at most "
                f"{limits[name]} days)"
            )
    return judged(
        faults,
        len(last),
        kept=Text(nl="Bij de aanbieder liggen geen oude berichten meer.", en="No old messages lie at the provider."),
        broken=Text(nl="Bij de aanbieder liggen nog oude berichten.", en="Old messages lie at the provider still."),
        figures={"sealed_and_there": world.archive.origins.count()},
    )


def _number(entry: Entry, fact: str) -> int:
    found = entry.event.facts.get(fact)
    return found if isinstance(found, int) else 0


CONTROLS = (
    Control(
        "archive-receives-all",
        Text(nl="Elk bericht komt in het archief", en="Every message comes into the archive"),
        Text(nl="het logboek tegen opslag, sleutels en index", en="the ledger against store, keys and index"),
        "measured",
        archive_receives_all,
        __name__,
        ("ledger-intact",),
    ),
    Control(
        "archive-within-period",
        Text(nl="Berichten gaan op tijd weg", en="Messages leave in time"),
        Text(
            nl="van elk bericht de plank, de ontvangst en de einddatum", en="of each message its shelf, arrival and end"
        ),
        "measured",
        archive_within_period,
        __name__,
        ("statement-current", "statement-history-kept"),
    ),
    Control(
        "origin-mailbox-emptied",
        Text(nl="De mailbox bij de aanbieder wordt geleegd", en="The mailbox at the provider is emptied"),
        Text(
            nl="het oudste bericht bij elke lezing van een mailbox",
            en="the oldest message at each reading of a mailbox",
        ),
        "measured",
        origin_mailbox_emptied,
        __name__,
        ("ledger-intact",),
    ),
)
