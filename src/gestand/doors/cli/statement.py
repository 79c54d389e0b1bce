"""``gestand statement``: show, compare, publish and lint statements."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from gestand.doors.cli.options import HERE, Json, Org
from gestand.doors.cli.output import emit, say, table
from gestand.doors.cli.statement_lint import lint
from gestand.doors.cli.statement_proof import announce, proof_page
from gestand.kernel.errors import UsageError

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

DRAFT = "draft"
Version = Annotated[str, typer.Option("--version", help="A version by its date; 'draft' is the one being worked on.")]
Language = Annotated[str, typer.Option("--lang", help="nl or en.")]


@app.command("show")
def show(
    org: Org = HERE,
    version: Version = DRAFT,
    lang: Language = "nl",
    html: Annotated[bool, typer.Option("--html", help="As an HTML fragment.")] = False,
    as_json: Json = False,
) -> None:
    """Show a version of the statement: the draft, an earlier one, or one that was published."""
    from gestand.publication.find import find_version
    from gestand.statement.render import render_html, render_text

    statement = find_version(org, version)
    text = next((t for t in statement.texts if t.language == lang), None)
    if text is None:
        there = ", ".join(t.language for t in statement.texts)
        raise UsageError(
            "language-absent", f"version {statement.version} has no '{lang}'", remedy=f"There are: {there}."
        )
    if as_json:
        clauses = [
            {"id": c.id, "text": c.text, "kept_by": list(c.kept_by), "awaits": list(c.awaits), "line": c.line}
            for c in text.clauses
        ]
        emit({"version": statement.version, "language": lang, "digest": statement.digest, "clauses": clauses,
              "text": render_text(text), "html": render_html(text)})  # fmt: skip
    else:
        say((render_html(text) if html else render_text(text)).removesuffix("\n"))


@app.command("diff")
def diff(
    old: Annotated[
        str, typer.Argument(help="A version by its date, 'draft', or a folder; the last published if left out.")
    ] = "",
    new: Annotated[str, typer.Argument(help="The same; the draft if left out.")] = DRAFT,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Tell what changed in meaning, and whether those concerned must be told before."""
    from gestand.publication.find import find_version, last_published
    from gestand.statement.compare import compare

    before, after = find_version(org, old or last_published(org)), find_version(org, new)
    changes = compare(before, after)
    counts = {kind: sum(c.kind == kind for c in changes) for kind in ("enlarging", "narrowing", "neutral")}
    if as_json:
        emit({"old": before.version, "new": after.version, "notice": counts["enlarging"] > 0, "counts": counts,
              "changes": [{"kind": c.kind, "what": c.what, "before": c.before, "after": c.after, "clauses": list(c.clauses)}
                          for c in changes]})  # fmt: skip
        return
    for change in changes:
        clauses = f"  ({', '.join(change.clauses)})" if change.clauses else ""
        say(f"{change.kind:<10} {change.what}: {change.before or '—'} → {change.after or '—'}{clauses}")
    told = "Those concerned must be told before it is in force." if counts["enlarging"] else "No notice is needed."
    say(f"{before.version} → {after.version}: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()) + f". {told}")


@app.command("try")
def try_draft(
    folder: Annotated[
        Path, typer.Argument(help="The folder of the draft; the organisation's own files if left out.")
    ] = HERE,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Run a draft against today's data: what would break tomorrow, what would lose its ground, what would leave when.

    Nothing changes and no value is opened. Exit status 1 if something would break or lose its ground.
    """
    from gestand.doors.house import world_of
    from gestand.evidence.whatif import try_statement
    from gestand.publication.folder import read_statement

    draft = read_statement(org if folder == HERE else folder)
    with _system(org) as system:
        found = try_statement(world_of(system), draft)
    counts = {kind: sum(c.kind == kind for c in found.changes) for kind in ("enlarging", "narrowing", "neutral")}
    if as_json:
        emit({
            "old": found.old, "new": found.new, "items": found.items, "counts": counts,
            "broken": [{"clause": clause, "why": why} for clause, why in found.broken],
            "losses": [{"field": o.field, "shelf": o.shelf, "why": o.why, "items": o.items} for o in found.losses],
            "shifts": [{"shelf": o.shelf, "now": o.now, "then": o.then, "items": o.items, "overdue": o.overdue}
                       for o in found.shifts],
        })  # fmt: skip
    else:
        say(
            f"{found.old} → {found.new}, {found.items} data: "
            + ", ".join(f"{n} {kind}" for kind, n in counts.items())
            + "."
        )
        for clause, why in found.broken:
            say(f"  would be broken: {clause}: {why}")
        for loss in found.losses:
            say(f"  would lose its ground: {loss.items} × {loss.field} on '{loss.shelf}': {loss.why}")
        for shift in found.shifts:
            late = f", {shift.overdue} of them at once" if shift.overdue else ""
            say(
                f"  would leave in {shift.then or 'no known year'} instead of {shift.now or 'none'}: {shift.items} on '{shift.shelf}'{late}"
            )
        if found.shifts:
            say(
                "  (as if the draft counted for all of it; what was collected under an older version keeps the period of that one)"
            )
        if found.clean:
            say("Nothing would break, and nothing would lose its ground.")
    if not found.clean:
        raise typer.Exit(1)


@app.command("export-site")
def export_site(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="Where the files go; what is there under the same name is replaced. Not needed with --sftp."
        ),
    ] = None,
    sftp: Annotated[
        str, typer.Option("--sftp", help="Put them at a host: sftp://user@host/folder, by your SSH key.")
    ] = "",
    identity: Annotated[Path | None, typer.Option("--identity", help="The SSH key, if not the usual one.")] = None,
    known_hosts: Annotated[
        Path | None, typer.Option("--known-hosts", help="The file with the host's key, if not the usual one.")
    ] = None,
    near: Annotated[bool, typer.Option("--near", help="The host stands in a private network.")] = False,
    org: Org = HERE,
    as_json: Json = False,
) -> None:
    """Write the public pages as plain files, for a site at an ordinary host; or put them there."""
    import tempfile

    from gestand.doors.house import pages_of
    from gestand.doors.public.export import export_site as export
    from gestand.doors.public.upload import place_of, upload
    from gestand.kernel.egress import Egress, Peer

    if folder is None and not sftp:
        raise UsageError("export-where", "it is not said where the pages go", remedy="Name a folder, or --sftp.")
    place = place_of(sftp) if sftp else None
    with tempfile.TemporaryDirectory() as scratch:
        into = folder or Path(scratch)
        with _system(org) as system:
            files = export(pages_of(system, answers=False), into)
        if place is not None:
            gate = Egress((Peer(place.host, place.port, near=near),))
            upload(into, files, place, gate, identity=identity, known_hosts=known_hosts)
    where = f"{place.host}:{place.folder}" if place else str(folder)
    if as_json:
        emit({"folder": where, "files": [str(file.relative_to(into)) for file in files]})
    elif place is not None:
        say(
            f"{len(files)} files at {where}. Name the address in gestand.toml, so that it is looked at daily: [sites] statement."
        )
    else:
        say(
            f"{len(files)} files in {folder}. Put them on your site; name the address in gestand.toml: [sites] statement."
        )


@app.command("publish")
def publish(
    *,
    org: Org = HERE,
    in_force_from: Annotated[
        str, typer.Option("--in-force-from", help="A day, YYYY-MM-DD.", show_default="today")
    ] = "",
    notice_days: Annotated[
        int, typer.Option("--notice-days", min=0, help="Days between notice and an enlarging version.")
    ] = 14,
    first: Annotated[
        bool, typer.Option("--first", help="Nothing was published here before: no notice is due.")
    ] = False,
    actor: Annotated[str, typer.Option("--actor", help="Who does this.")] = "owner",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Make the draft current from a day on; the copy is kept and can never be changed."""
    from gestand.doors.cli.check import known_controls
    from gestand.kernel.clock import local_date, system_clock
    from gestand.kernel.ids import ActorId
    from gestand.publication.folder import read_statement

    start = _day(in_force_from) or local_date(system_clock())
    draft = read_statement(org)
    with _system(org) as system:
        wanted = system.publication.publish(
            draft,
            in_force_from=start,
            actor=ActorId(actor),
            controls=known_controls(),
            notice_days=notice_days,
            first=first,
            dry_run=dry_run,
        )
    if as_json:
        emit({**_row(wanted), "published": not dry_run})
    else:
        done = "would be published" if dry_run else "is published"
        say(
            f"Version {wanted.version} {done}, in force from {wanted.in_force_from.isoformat()} ({wanted.digest[:16]}…)."
        )


@app.command("history")
def history(org: Org = HERE, as_json: Json = False) -> None:
    """List every published version, after checking that none was changed since."""
    with _system(org) as system:
        system.publication.verify()
        versions = system.publication.history()
    if as_json:
        emit({"versions": [_row(version) for version in versions]})
    else:
        rows = [(v.version, v.in_force_from.isoformat(), v.published_at, v.digest[:16] + "…") for v in versions]
        table("Published versions", ("version", "in force from", "published at", "digest"), rows)


app.command("announce")(announce)
app.command("proof-page")(proof_page)
app.command("lint")(lint)


def _system(org: Path) -> Any:
    return importlib.import_module("gestand.system").open_system(org)


def _row(version: Any) -> dict[str, str]:
    return {
        "version": version.version,
        "digest": version.digest,
        "in_force_from": version.in_force_from.isoformat(),
        "published_at": version.published_at,
    }


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UsageError("no-date", f"'{written}' is no day", remedy="Write it as 2026-01-31.") from None
