"""``gestand statement lint FILE``: what a privacy statement tells, what it leaves out, and sentences that would tell it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gestand.doors.cli.options import Json
from gestand.doors.cli.output import emit, say

Page = Annotated[Path | None, typer.Option("--html", help="Also write the result as one page, to show to the owner.")]


def lint(
    file: Annotated[Path, typer.Argument(help="The statement: text, Markdown, HTML or PDF; Dutch or English.")],
    json: Json = False,
    html: Page = None,
) -> None:
    """Articles 12-14 completeness of any statement text, Dutch or English."""
    from gestand.doors.cli.lint_page import page
    from gestand.kernel.clock import local_date, system_clock
    from gestand.kernel.errors import UsageError
    from gestand.law.transparency import lint as judge
    from gestand.reading.documents import read_statement

    today = local_date(system_clock())
    report = judge(read_statement(file), today)
    if html is not None:
        try:
            html.write_text(page(report, today), encoding="utf-8")
        except OSError as fault:
            raise UsageError(
                "page-unwritable",
                f"the page cannot be written: {fault.strerror}",
                where=str(html),
                remedy="Name a file in a folder that is yours to write.",
            ) from fault
    if json:
        emit(report.as_json())
    else:
        from gestand.doors.cli.lint_page import lines

        for line in lines(report):
            say(line)
        if html is not None:
            say(f"\nPage written: {html}")
    raise typer.Exit(1 if report.failing else 0)
