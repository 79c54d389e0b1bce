"""A moment is shown on the day it was here, also just after midnight, when it is the day before in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from gestand.doors.web.templates import environment


def test_a_moment_after_midnight_is_shown_on_its_own_day(tmp_path: Path):
    (tmp_path / "x.html").write_text("{{ day(at) }}|{{ day(at.date()) }}|{{ day(None) }}", "utf-8")
    at = datetime(2026, 7, 31, 22, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    own, utc, never = environment(tmp_path).get_template("x.html").render(language="nl", at=at).split("|")
    assert "1 augustus 2026" in own
    assert "31 juli 2026" in utc
    assert never == "–"
