"""The table of due work: what happens of itself, how often, and what it needs.

A piece of work is safe to do twice, and to be killed in the middle: the next turn goes on. It says what came of it in figures
that name nobody. ``needs`` says in words why there is nothing to do here, or nothing at all. ``looks_at`` returns a digest of what the work depends
on: where it changes, the work is due at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gestand.doors.running.promises import promises
from gestand.doors.running.timing import DAILY, WEEKLY, Every
from gestand.evidence.model import ClauseFinding
from gestand.kernel.clock import local_date
from gestand.kernel.errors import GestandError
from gestand.kernel.ids import SYSTEM
from gestand.register.happenings import record_happenings
from gestand.sources.declared import SqlDeclared
from gestand.statement.policy import Text
from gestand.system import System

Figures = Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of due work."""

    name: str
    title: Text
    every: Every
    do: Callable[[System], Figures]
    needs: Callable[[System], str] = lambda _house: ""
    looks_at: Callable[[System], str] = lambda _house: ""


def _leave(house: System) -> Figures:
    run = house.retention.run(actor=SYSTEM)
    return {"due": run.due, "erased": run.erased, "moved": run.moved, "kept": len(run.staying)}


def _prove(house: System) -> Figures:
    from gestand.doors.house import world_of
    from gestand.evidence.service import prove

    run = prove(world_of(house))
    return {str(finding): run.count(finding) for finding in ClauseFinding}


def _watch(house: System) -> Figures:
    seen = house.sites.watch(actor=SYSTEM)
    return {"sites": len(seen), "unreachable": sum(bool(one.fault) for one in seen)}


def _look_around(house: System) -> Figures:
    seen = house.surroundings.look(actor=SYSTEM)
    return {"looked": len(seen), "faults": sum(len(one.faults) for one in seen)}


def _scan(house: System) -> Figures:
    from gestand.evidence.scan.rules import judge
    from gestand.evidence.scan.running import scan_sites

    allowed = house.publication.in_force().policy.cookies.allow
    scans = scan_sites([house.sites.order(site) for site in house.sites.settings.own])
    found = [judge(scan, allowed) for scan in scans]
    for judged in found:
        house.sites.record(judged, actor=SYSTEM)
    return {"sites": len(found), "deviations": sum(len(one.deviations) for one in found)}


def _back_up(house: System) -> Figures:
    made = house.backups.make(actor=SYSTEM)
    return {
        "backup": made.manifest.id,
        "keys_left": len(made.keys_expired),
        "left": len(made.expired),
        "unproven": len(made.unproven),
    }


def _ask_witnesses(house: System) -> Figures:
    from gestand.kernel.egress import Egress
    from gestand.ledger.asking import ask, peers_of, poster, witness_at

    settings = house.config.ledger
    witnesses = [witness_at(text) for text in settings.witnesses]
    post = poster(Egress(peers_of(witnesses, near=settings.near)))
    signed, heard = ask(house.ledger, witnesses, post, house.config.folder / "keys")
    return {
        "size": signed.head.size,
        "asked": len(heard),
        "cosigned": sum(one.cosignature is not None for one in heard),
    }


def _pull_mail(house: System) -> Figures:
    """Read every mailbox; one that fails keeps no other from being read, and is what the whole then fails for."""
    new, left, fault = 0, 0, None
    frozen = house.ways.frozen()
    for box in (one for one in house.ways.settings.mailboxes if one.name not in frozen):
        try:
            new += house.ways.pull(box.name).new
            left += house.ways.empty(box.name).left if box.empty_after_days else 0
        except GestandError as error:
            fault = error
    if fault is not None:
        raise fault
    return {"mailboxes": len(house.ways.settings.mailboxes) - len(frozen), "new": new, "left": left}


def _send_post(house: System) -> Figures:
    done = house.post.deliver()
    house.breaches.settle_all(actor=SYSTEM)
    return {str(state): count for state, count in done.counts.items()}


def _tell(house: System) -> Figures:
    sent, failed = house.webhooks.deliver()
    return {"sent": sent, "failed": failed}


def _call_back(house: System) -> Figures:
    told, failed = house.callbacks.deliver()
    return {"told": told, "failed": failed}


def _sign(house: System) -> Figures:
    return {"size": house.ledger.checkpoint().head.size}


def _look(house: System) -> Figures:
    seen = house.sources.upkeep.look(actor=SYSTEM)
    return {
        "systems": len(seen),
        "faults": sum(len(one.problems) for one in seen),
        "back": sum(one.back or 0 for one in seen),
    }


def _hear(house: System) -> Figures:
    """Record what other systems say happened to dossiers; one that is away keeps no other from being heard."""
    heard = house.sources.upkeep.hear()
    told = record_happenings(house.register, heard.told, local_date(house.clock()), actor=SYSTEM)
    if heard.away:
        raise heard.away[0][1]
    return {"told": told.read, "recorded": told.recorded, "refused": len(told.refused)}


def _telling(house: System) -> str:
    if why_not := _declared(house):
        return why_not
    declared = (file.declared for file in house.sources.files())
    tell = any(table.happens for one in declared if isinstance(one, SqlDeclared) for table in one.tables.values())
    return "" if tell else "no table of sources/ tells what happens to dossiers"


def _declared(house: System) -> str:
    return _published(house) or ("" if house.sources.files() else "sources/ declares no system")


def _published(house: System) -> str:
    return "" if house.publication.history() else "no statement is published yet"


def _sites(house: System) -> str:
    return "" if house.sites.settings.own or house.sites.settings.statement else "[sites] names no site"


def _surroundings(house: System) -> str:
    named = house.surroundings.lines() or house.surroundings.domain
    return "" if named else "[surroundings] and [mail] name nothing"


def _own_sites(house: System) -> str:
    return "" if house.sites.settings.own else "[sites] own names no site"


def _backup_set(house: System) -> str:
    return "" if house.config.backup.folder is not None else "[backup] names no folder"


def _witnesses(house: System) -> str:
    return "" if house.config.ledger.witnesses else "[ledger] names no witness"


def _mailboxes(house: System) -> str:
    return "" if house.ways.settings.mailboxes else "[mail.mailboxes] names no mailbox"


def _smtp(house: System) -> str:
    return "" if house.config.mail.smtp else "[mail.smtp] names no server"


def _callbacks(house: System) -> str:
    return "" if house.callbacks.waiting() else "nobody who passed a request on is to be told"


def _hooks(house: System) -> str:
    return "" if house.webhooks.all() else "no webhook is set"


WORK: tuple[Work, ...] = (
    Work("mail", Text(nl="Post opgehaald", en="Mail pulled"), Every(minutes=15), _pull_mail, _mailboxes),
    Work(
        "events", Text(nl="Gebeurtenissen uit andere systemen", en="Events from other systems"), DAILY, _hear, _telling
    ),
    Work("retention", Text(nl="Weg wat weg moet", en="What is due leaves"), DAILY, _leave, _published),
    Work("checkpoint", Text(nl="Grootboek ondertekend", en="The ledger signed"), Every(minutes=60), _sign),
    Work(
        "witnesses",
        Text(nl="Getuigen van het grootboek", en="Witnesses of the ledger"),
        DAILY,
        _ask_witnesses,
        _witnesses,
    ),
    Work("backup", Text(nl="Back-up, en oude weg", en="A backup, and old ones leave"), DAILY, _back_up, _backup_set),
    Work("post", Text(nl="Uitgaande post bezorgd", en="Outgoing mail delivered"), Every(minutes=5), _send_post, _smtp),
    Work("webhooks", Text(nl="Andere programma's verteld", en="Other programs told"), Every(minutes=1), _tell, _hooks),
    Work(
        "callbacks",
        Text(nl="Wie verzoeken doorgaf verteld", en="Who passed requests on told"),
        Every(minutes=1),
        _call_back,
        _callbacks,
    ),
    Work("watch", Text(nl="Eigen websites bekeken", en="Own sites looked at"), DAILY, _watch, _sites),
    Work(
        "surroundings",
        Text(nl="Lijnen en maildomein bekeken", en="Lines and mail domain looked at"),
        DAILY,
        _look_around,
        _surroundings,
    ),
    Work("scan", Text(nl="Eigen websites onderzocht", en="Own sites scanned"), WEEKLY, _scan, _own_sites),
    Work("sources", Text(nl="Andere systemen bekeken", en="Other systems looked at"), DAILY, _look, _declared),
    Work("proof", Text(nl="Beloften nagegaan", en="Promises checked"), DAILY, _prove, _published, promises),
)
"""In the order in which they are done; the proof last, so that it sees what the others did."""
