"""How soon it is there, and what it weighs: help, serve to the first answer, idle memory, and the installed core."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from statistics import median
from typing import Any

from gestand.bench.report import Result, document
from gestand.bench.served import PROGRAM, organisation, served

REACH_HELP, REACH_SERVE = 0.3, 2.0
REACH_MEMORY, REACH_WEIGHT = 150.0, 350.0
PACKAGE = Path(__file__).resolve().parents[1]
NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?")


def run(*, quick: bool = False) -> dict[str, Any]:
    """Measure the start of the program and its weight."""
    rounds = 1 if quick else 5
    help_ = median(_help() for _ in range(rounds))
    answers, memories = [], []
    with organisation() as firm:
        for _ in range(rounds):
            with served(firm) as there:
                answers.append(there.first_answer)
                time.sleep(0.2 if quick else 1.0)
                memories.append(_resident(there.pid))
    first, memory, (core, package) = median(answers), median(memories), weigh()
    return document((
        Result("gestand --help", rounds, help_, "s", reach=REACH_HELP, holds=help_ <= REACH_HELP),
        Result("serve to the first answer", rounds, first, "s", reach=REACH_SERVE, holds=first <= REACH_SERVE),
        Result("idle memory", rounds, memory, "MB", reach=REACH_MEMORY, holds=memory <= REACH_MEMORY),
        Result("core with its dependencies", 1, core, "MB", reach=REACH_WEIGHT, holds=core <= REACH_WEIGHT),
        Result("of which gestand itself", 1, package, "MB"),
    ))  # fmt: skip


def _help() -> float:
    began = time.perf_counter()
    subprocess.run([*PROGRAM, "--help"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    return time.perf_counter() - began


def _resident(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return int(found[1]) / 1000 if found else 0.0


def weigh() -> tuple[float, float]:
    """Return the MB that the core needs as it is installed, extras left out, and those of this package itself."""
    own = sum(file.stat().st_size for file in PACKAGE.rglob("*") if file.is_file()) / 1e6
    others = sum(_size(one) for one in _needed("gestand")) / 1e6
    return own + others, own


def _needed(root: str) -> Iterator[Distribution]:
    """Yield every distribution that the core asks for, and what those ask for, each once."""
    waiting, seen = [(root, "")], set[str]()
    while waiting:
        name, extras = waiting.pop()
        plain = re.sub(r"[-_.]+", "-", name).lower()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if name == root:
                found_requires = _declared()
                waiting += [(n, e) for n, e in found_requires]
            continue
        if name != root and plain not in seen:
            yield found
        seen.add(plain)
        for line in found.requires or ():
            need, _, marker = line.partition(";")
            match = NAME.match(need.strip())
            wanted = "extra" not in marker or any(
                f"'{one}'" in marker or f'"{one}"' in marker for one in extras.split(",") if one
            )
            if match and wanted and (match[1].lower(), match[2] or "") not in waiting:
                key = re.sub(r"[-_.]+", "-", match[1]).lower()
                if key not in seen or match[2]:
                    waiting.append((match[1], (match[2] or "").replace(" ", "")))


def _declared() -> list[tuple[str, str]]:
    """Return what pyproject.toml asks for, where the package runs from its sources."""
    import tomllib

    file = PACKAGE.parents[1] / "pyproject.toml"
    if not file.exists():
        return []
    named = (NAME.match(line) for line in tomllib.loads(file.read_text("utf-8"))["project"]["dependencies"])
    return [(match[1], match[2] or "") for match in named if match]


def _size(found: Distribution) -> int:
    places = (Path(str(found.locate_file(file))) for file in found.files or ())
    return sum(place.stat().st_size for place in places if place.is_file())
