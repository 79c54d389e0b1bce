"""Controls of the e-mail archive: everything that came in is here, nothing is older than promised, the origin is emptied."""

from __future__ import annotations

from datetime import date, timedelta

from gestand.evidence.controls.common import SHOWN, entries, judged
from gestand.evidence.model import Control, Finding, Verdict, World
from gestand.kernel.clock import local_date
from gestand.law.periods import keeping
from gestand.ledger.model import Entry
from gestand.statement.policy import Text

GRACE = timedelta(days=1)
AT_ORIGIN_DAYS = 30
"""Days that a message may lie at its provider where the settings do not say it: long enough for a person to do it by hand."""
LATELY = timedelta(days=2)
"""A reading that is older says nothing of what lies in a mailbox today."""


def archive_receives_all(world: World) -> Verdict:
    """What the ledger says came in is in the store, can be opened, and is in the index; but for what was erased.

    After a restore it counts from what the backup brought back; what came in after that backup was made is told as lost.
    What lies in a mailbox that was not read lately is not in the archive yet, so nothing is proven then.
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
    verdict = judged(
        faults,
        admitted,
        kept=Text(nl="Elk ontvangen bericht staat in het archief.", en="Every message that came in is in the archive."),
        broken=Text(nl="Er ontbreken berichten in het archief.", en="Messages are missing from the archive."),
        figures={"stored": stored, "erased": erased, "kept_unread": unread, "lost_with_a_restore": lost},
    )
    read = _readings(world)
    waiting = [why for box in world.ways.settings.mailboxes if (why := _not_read_lately(world, box.name, read))]
    if verdict.finding is Finding.KEPT and waiting:
        return _unproven(NOT_READ, waiting, verdict)
    return verdict


def archive_within_period(world: World) -> Verdict:
    """No message is past its time (but for a legal hold or a restriction), and its time is what its shelf makes of its arrival."""
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
        late = kept.due is not None and kept.due + GRACE < today and world.archive.holds.of(kept, today) is None
        if late and not world.archive.restrictions.among([kept]):
            faults.append(f"{kept.message}: should be gone since {kept.due}")
    return judged(
        faults,
        seen,
        kept=Text(nl="Geen bericht is ouder dan beloofd.", en="No message is older than promised."),
        broken=Text(nl="Er staan berichten die weg hadden moeten zijn.", en="Messages are kept that should be gone."),
        figures={"classed_by_a_person": corrected},
    )


def origin_mailbox_emptied(world: World) -> Verdict:
    """Nothing older lies in a mailbox at its provider today than the settings allow, or 30 days.

    What was seen there lies there still until a later reading or emptying shows otherwise. A mailbox that was not read
    lately, or is in the settings no more without a record that it ended, is unproven; so is one that is frozen.
    """
    boxes = {box.name: box for box in world.ways.settings.mailboxes}
    frozen = world.ways.frozen()
    today = local_date(world.clock())
    read = _readings(world)
    gone: dict[str, int] = {}
    for entry in entries(world, "mailbox.emptied", "mailbox.ended"):
        if entry.event.name == "mailbox.ended" or not _number(entry, "left"):
            gone[str(entry.event.facts.get("mailbox"))] = entry.index
    faults: list[str] = []
    unproven = [_not_read_lately(world, name, read) for name in boxes if name not in read]
    for name, entry in read.items():
        oldest = "" if gone.get(name, -1) > entry.index else str(entry.event.facts.get("oldest") or "")
        box = boxes.get(name)
        if box is None:
            if oldest:
                unproven.append(
                    f"mailbox {name}: in the settings no more, and mail from {oldest} lay there (ledger entry {entry.index}); "
                    "if it is gone, 'gestand mail end' records that"
                )
            continue
        limit = box.empty_after_days or AT_ORIGIN_DAYS
        stale = _not_read_lately(world, name, read)
        # who empties by hand may have done so since the last reading; what this program takes out is in the ledger
        until = today if box.empty_after_days or not stale else local_date(entry.event.at)
        old = bool(oldest) and (until - date.fromisoformat(oldest)).days > limit + GRACE.days
        if old and name not in frozen:
            faults.append(
                f"mailbox {name}: a message of {oldest} lies at the provider still (ledger entry {entry.index}; at most "
                f"{limit} days)"
            )
        elif stale or old:
            unproven.append(stale or f"mailbox {name}: frozen to contain a breach, with mail from {oldest} in it")
    verdict = judged(
        faults,
        len(read),
        kept=Text(nl="Bij de aanbieder liggen geen oude berichten meer.", en="No old messages lie at the provider."),
        broken=Text(nl="Bij de aanbieder liggen nog oude berichten.", en="Old messages lie at the provider still."),
        figures={"sealed_and_there": world.archive.origins.count()},
    )
    if verdict.finding is Finding.KEPT and unproven:
        return _unproven(NOT_SEEN, unproven, verdict)
    return verdict


NOT_READ = Text(
    nl="Een postvak is al dagen niet gelezen: wat daar ligt, staat nog niet in het archief.",
    en="A mailbox was not read for days: what lies there is not in the archive yet.",
)
NOT_SEEN = Text(
    nl="Van een postvak is niet te zien wat er nu nog bij de aanbieder ligt.",
    en="Of a mailbox it cannot be seen what lies at the provider now.",
)


def _readings(world: World) -> dict[str, Entry]:
    """Return the last reading of each mailbox."""
    return {str(entry.event.facts.get("mailbox")): entry for entry in entries(world, "mailbox.read")}


def _not_read_lately(world: World, name: str, read: dict[str, Entry]) -> str:
    """Say that a mailbox was not read lately; nothing if it was."""
    last = read.get(name)
    if last is None:
        return f"mailbox {name}: set up, and was never read"
    if world.clock() - last.event.at > LATELY:
        return f"mailbox {name}: last read on {local_date(last.event.at)} (ledger entry {last.index})"
    return ""


def _unproven(why: Text, seen: list[str], verdict: Verdict) -> Verdict:
    return Verdict(Finding.UNPROVEN, why, verdict.figures, tuple(seen[:SHOWN]))


def _number(entry: Entry, fact: str) -> int:
    found = entry.event.facts.get(fact)
    return found if isinstance(found, int) else 0


CONTROLS = (
    Control(
        "archive-receives-all",
        Text(nl="Elk bericht komt in het archief", en="Every message comes into the archive"),
        Text(
            nl="het logboek tegen opslag, sleutels en index, en wanneer elke mailbox is gelezen",
            en="the ledger against store, keys and index, and when each mailbox was read",
        ),
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
            nl="per mailbox het oudste bericht bij de laatste lezing, en de leeftijd daarvan nu",
            en="of each mailbox the oldest message at the last reading, and its age today",
        ),
        "measured",
        origin_mailbox_emptied,
        __name__,
        ("ledger-intact",),
    ),
)
