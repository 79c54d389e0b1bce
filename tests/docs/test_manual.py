"""The owner's manual is run: every command in it, in order, in a throw-away folder; what it shows must be what is said.

In a ``console`` block ``$`` begins a command; the lines below it must appear in that order. ``…`` stands for anything. Ids in the manual
(``sub_…``, ``req_…``) are examples: the first time one is shown it takes the place of the real one. ``console refused`` means that the last
command is refused. Comments that a reader does not see set the clock and do what the owner does by hand:

    <!-- clock: 2029-01-10 -->         it is that day
    <!-- file: klanten.csv -->         the next block is the content of that file
    <!-- in policy.toml: a => b -->    the owner changes a into b
"""

import re
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gestand.doors.cli.main import run
from gestand.kernel.clock import SettableClock

ROOT = Path(__file__).resolve().parent.parent.parent
MANUALS = (ROOT / "docs/manual.nl.md", ROOT / "docs/manual.en.md")
RUN = {MANUALS[0]: 30, MANUALS[1]: 30, ROOT / "README.md": 6}
"""What is run, and how many commands it has at least: so that none is passed over in silence."""
PART = re.compile(
    r"<!-- clock: (?P<clock>[\d-]+) -->"
    r"|<!-- in (?P<changed>\S+): (?P<old>[^\n]+?) =>(?: (?P<new>[^\n]*?))? -->"
    r"|<!-- file: (?P<file>\S+) -->\n+```\w*\n(?P<content>.*?)```"
    r"|```console(?P<refused> refused)?\n(?P<console>.*?)```",
    re.DOTALL,
)
ID = re.compile(r"\b(?:sub|dos|req|itm|hld|bre)_[a-z2-7]{16}\b")


class Reader:
    """Someone who does what the manual says."""

    def __init__(self, folder, clock, capfd):
        self.here = folder
        self.clock = clock
        self.capfd = capfd
        self.ids = {}

    def do(self, command, monkeypatch):
        """Run one command line; return its status and what it said."""
        for shown, real in self.ids.items():
            command = command.replace(shown, real)
        words = shlex.split(command)
        self.clock.advance(timedelta(minutes=1))
        if words[0] == "cd":
            self.here = (self.here / words[1]).resolve()
            monkeypatch.chdir(self.here)
            return 0, ""
        if words[0] != "gestand":
            done = subprocess.run(["sh", "-c", command], cwd=self.here, capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr
        self.capfd.readouterr()
        status = run(words[1:])
        said = self.capfd.readouterr()
        return status, said.out + said.err

    def expect(self, shown, said, where):
        """Find every shown line in what was said, in order, and learn the ids."""
        lines = iter(said.splitlines())
        for line in shown:
            if line.strip() in {"…", ""}:
                continue
            pattern = re.compile(self.pattern(line))
            found = next((match for one in lines if (match := pattern.fullmatch(one.rstrip()))), None)
            assert found is not None, f"{where}: the manual shows\n    {line}\nand what was said is\n{said}"
            self.ids |= {name[1:].replace("X", "_", 1): real for name, real in found.groupdict().items()}

    def pattern(self, line):
        parts = []
        at = 0
        for match in ID.finditer(line):
            parts.append(re.escape(line[at : match.start()]).replace("…", ".*"))
            known = self.ids.get(match[0])
            parts.append(
                re.escape(known) if known else f"(?P<i{match[0].replace('_', 'X', 1)}>{match[0][:4]}[a-z2-7]{{16}})"
            )
            at = match.end()
        return "".join(parts) + re.escape(line[at:].rstrip()).replace("…", ".*")


def commands(console):
    """Return the commands of a block, each with the lines shown below it."""
    found = []
    for line in console.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.mark.parametrize("manual", RUN, ids=lambda path: path.name)
def test_the_manual_does_what_it_says(manual, tmp_path, monkeypatch, capfd):
    import gestand.kernel.clock
    import gestand.system

    clock = SettableClock(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    monkeypatch.setattr(gestand.kernel.clock, "system_clock", clock)
    monkeypatch.setitem(gestand.system.open_system.__kwdefaults__, "clock", clock)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path, clock, capfd)
    text = manual.read_text("utf-8")
    done = 0
    for part in PART.finditer(text):
        where = f"{manual.name}:{text.count(chr(10), 0, part.start()) + 1}"
        if part["clock"]:
            clock.move_to(datetime.fromisoformat(part["clock"] + "T09:00:00+00:00"))
        elif part["changed"]:
            path = reader.here / part["changed"]
            before = path.read_text("utf-8")
            old, new = ((part[name] or "").replace("\\n", "\n") for name in ("old", "new"))
            assert old in before, f"{where}: there is no '{old}' to change"
            path.write_text(before.replace(old, new, 1), "utf-8")
        elif part["file"]:
            (reader.here / part["file"]).write_text(part["content"], "utf-8")
        else:
            asked = commands(part["console"])
            for number, (command, shown) in enumerate(asked, 1):
                status, said = reader.do(command, monkeypatch)
                done += 1
                refused = part["refused"] is not None and number == len(asked)
                assert (status != 0) == refused, f"{where}: $ {command} ended with {status}\n{said}"
                reader.expect(shown, said, f"{where}: $ {command}")
    assert done >= RUN[manual]


def test_both_manuals_show_the_same_commands():
    shown = [
        [c for part in PART.finditer(path.read_text("utf-8")) if part["console"] for c, _ in commands(part["console"])]
        for path in MANUALS
    ]
    assert shown[0] == shown[1]


def test_a_manual_that_promises_too_much_is_noticed(tmp_path, capfd):
    reader = Reader(tmp_path, SettableClock(datetime(2026, 12, 1, tzinfo=UTC)), capfd)
    reader.expect(["sub_aaaaaaaaaaaaaaaa: … data", "…", "end"], "sub_mfzwizlxmvzgs3th: 3 data\nx\nend", "here")
    assert reader.ids == {"sub_aaaaaaaaaaaaaaaa": "sub_mfzwizlxmvzgs3th"}
    with pytest.raises(AssertionError, match="the manual shows"):
        reader.expect(["0 found."], "3 found.", "here")
    with pytest.raises(AssertionError, match="the manual shows"):
        reader.expect(["sub_aaaaaaaaaaaaaaaa"], "sub_bbbbbbbbbbbbbbbb", "here")
