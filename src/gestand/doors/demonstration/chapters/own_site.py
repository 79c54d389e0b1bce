"""The website: the statement is put on it, the live text is compared, and a browser looks what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gestand.doors.demonstration.place import Place
from gestand.doors.demonstration.website import export, look_at_website
from gestand.kernel.ids import SubjectId


def own_site(place: Place, _customers: Mapping[str, SubjectId], tell: Callable[[str, str], None]) -> None:
    """Export, compare, scan."""
    files = export(place)
    scan = look_at_website(place)
    if scan is None:
        found = "no browser on this machine, so what it leaves on a device stays unproven (install chromium and the extra 'scan')"
    else:
        found = f"a real browser visited {scan.pages} pages: {scan.deviations} deviations found"
    tell(
        "The website is looked at",
        f"{files} files exported; the live text compared with the version in force; {found}.",
    )
