"""The picture of README.md, drawn from a real run of the worked example: ``python scripts/picture.py`` writes docs/picture.svg.

A dozen sentences of the statement with their verdicts, twice: while a forgotten export lies in the store, and after it was taken
away. ``--check`` draws nothing and ends with 1 if the picture is no longer what happens.
"""

from __future__ import annotations

import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

from gestand.doors.cli.demo import FIRST_STATEMENT
from gestand.doors.demonstration.place import Place, make_place
from gestand.doors.demonstration.story import live
from gestand.doors.house import world_of
from gestand.evidence.model import ClauseFinding, ProofRun
from gestand.evidence.service import prove

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "picture.svg"
SHOWN = ("C1", "C3", "C6", "C8", "C11", "C19", "C30", "C37", "C42", "C46", "C49", "C59")
FORGOTTEN = "export-voor-boekhouder.csv"
WIDTH, MARGIN, LINE, LETTERS = 1000, 28, 19, 94
FIRST, SECOND, WORDS = 80, 150, 205
INK, QUIET, PAPER, RULE = "#1c2733", "#5d6b7a", "#ffffff", "#dfe5ea"
COLOUR = {
    ClauseFinding.KEPT: "#1b7a43",
    ClauseFinding.BROKEN: "#b3261e",
    ClauseFinding.UNPROVEN: "#9a6700",
    ClauseFinding.INFORMATIVE: "#7a8794",
}
SHAPE = {
    ClauseFinding.KEPT: '<path d="M-5 0 L-1.5 4 L5.5 -4.5"/>',
    ClauseFinding.BROKEN: '<path d="M-4.5 -4.5 L4.5 4.5 M4.5 -4.5 L-4.5 4.5"/>',
    ClauseFinding.UNPROVEN: '<circle r="4.5"/>',
    ClauseFinding.INFORMATIVE: '<path d="M-4.5 0 L4.5 0"/>',
}


@contextmanager
def lived() -> Iterator[Place]:
    """Let the worked example happen in a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gestand-picture-") as folder:
        place = make_place(Path(folder) / "koper")
        try:
            live(place)
            yield place
        finally:
            place.close()


def runs() -> tuple[ProofRun, ProofRun]:
    """Return what is proven of the worked example with a forgotten export in the store, and after it is gone."""
    with lived() as place:
        house = place.open()
        export = house.config.data / FORGOTTEN
        export.write_text("naam;e-mail\nGreet Bos;greet@example.nl\n", "utf-8")
        broken = prove(world_of(house))
        export.unlink()
        return broken, prove(world_of(house))


def mark(finding: ClauseFinding, x: int, y: int) -> str:
    """Draw a verdict."""
    return (
        f'<g transform="translate({x} {y})" fill="none" stroke="{COLOUR[finding]}" stroke-width="2.6" '
        f'stroke-linecap="round" stroke-linejoin="round">{SHAPE[finding]}</g>'
    )


def words(text: str, x: int, y: int, *, size: int = 14, colour: str = INK, weight: str = "normal") -> str:
    """Draw a line of text."""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}">{escape(text)}</text>'


def counts(run: ProofRun) -> str:
    """Return how many of the clauses of the first statement have each verdict."""
    found = [result.finding for result in run.clauses if result.clause.id in FIRST_STATEMENT]
    return ", ".join(f"{found.count(finding)} {finding}" for finding in ClauseFinding)


def drawn(broken: ProofRun, mended: ProofRun) -> str:
    """Return the picture."""
    before = {result.clause.id: result for result in broken.clauses}
    after = {result.clause.id: result for result in mended.clauses}
    y = 40
    body = [
        words("$ gestand demo", MARGIN, y, size=15, weight="bold"),
        words("A real statement, kept for invented customers.", WORDS, y, colour=QUIET),
        words(f"Someone leaves {FORGOTTEN} in the store; then it is taken away.", WORDS, y + 20, colour=QUIET),
        words("left", FIRST - 11, y + 40, size=12, colour=QUIET),
        words("taken", SECOND - 17, y + 40, size=12, colour=QUIET),
    ]
    y += 52
    for name in SHOWN:
        lines = textwrap.wrap(after[name].clause.text, LETTERS)[:2]
        if len(" ".join(lines)) < len(after[name].clause.text):
            lines[-1] = lines[-1].rstrip(",;. ") + " …"
        body.append(f'<path d="M{MARGIN} {y} H{WIDTH - MARGIN}" stroke="{RULE}"/>')
        middle = y + 8 + LINE * len(lines) // 2
        body.append(words(name, MARGIN, middle + 5, size=13, colour=QUIET))
        body += [mark(before[name].finding, FIRST, middle), mark(after[name].finding, SECOND, middle)]
        for number, line in enumerate(lines):
            body.append(words(line, WORDS, y + 21 + number * LINE))
        y += 16 + LINE * len(lines)
    body.append(f'<path d="M{MARGIN} {y} H{WIDTH - MARGIN}" stroke="{RULE}"/>')
    y += 28
    body += legend(y)
    y += 30
    body.append(
        words(
            f"{len(FIRST_STATEMENT)} clauses, the export left in the store: {counts(broken)}.",
            MARGIN,
            y,
            size=13,
            weight="bold",
        )
    )
    body.append(
        words(
            f"{len(FIRST_STATEMENT)} clauses, the export taken away: {counts(mended)}.",
            MARGIN,
            y + 22,
            size=13,
            weight="bold",
        )
    )
    return page(body, y + 44)


def legend(y: int) -> list[str]:
    """Draw what the marks mean."""
    meaning = {
        ClauseFinding.KEPT: "kept: checked, no deviation found",
        ClauseFinding.BROKEN: "broken",
        ClauseFinding.UNPROVEN: "unproven: nothing shows it yet",
        ClauseFinding.INFORMATIVE: "only informs",
    }
    parts, x = [], MARGIN + 6
    for finding, text in meaning.items():
        parts += [mark(finding, x, y - 4), words(text, x + 14, y, size=12, colour=QUIET)]
        x += 44 + len(text) * 6
    return parts


def page(body: Sequence[str], height: int) -> str:
    """Return the whole file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        "font-family=\"system-ui, 'DejaVu Sans', Verdana, Arial, sans-serif\" "
        'aria-label="Sentences of a privacy statement with their verdicts, before and after a broken promise is mended">\n'
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{PAPER}" stroke="{RULE}"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def main(argv: Sequence[str]) -> int:
    """Draw, or compare."""
    fresh = drawn(*runs())
    if "--check" in argv:
        same = PICTURE.is_file() and PICTURE.read_text("utf-8") == fresh
        if not same:
            print("docs/picture.svg is no longer what happens: run python scripts/picture.py, and look at it")
        return 0 if same else 1
    PICTURE.write_text(fresh, "utf-8")
    print(f"{PICTURE.name} drawn")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
