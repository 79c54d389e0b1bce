"""What of a row a correction concerns, pure: which values are wrong, and which are neither wrong nor right (Article 16)."""

from __future__ import annotations

from collections.abc import Sequence

from gestand.reading.normal import normal_form
from gestand.sources.model import Conflict, Correction, Trace
from gestand.sources.sql.schema import Layout


def wrong_in(layout: Layout, trace: Trace, corrections: Sequence[Correction]) -> tuple[dict[str, str], list[Conflict]]:
    """Return the right values by the columns that have a wrong one, and the conflicts: what says something else altogether.

    Compared by normal form. Free text is not rewritten.
    """
    wrong: dict[str, str] = {}
    conflicts = []
    for value in trace.values:
        part = layout.part(value.column)
        for correction in corrections:
            if part is None or correction.field != value.field or part.declared.free_text:
                continue
            said, bad, good = (normal_form(part.kind, v) for v in (value.value, correction.wrong, correction.right))
            if said == bad:
                wrong[value.column] = correction.right
            elif said != good:
                conflicts.append(Conflict(f"{layout.name}.{value.column}", value.field, value.value))
    return wrong, conflicts
