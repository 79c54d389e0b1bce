"""Run the tests in two processes where the machine has two cores: every second file of tests in each.

    python scripts/run_tests.py [options of pytest]

The first process writes as it goes; what the second wrote follows when both are done. Exit status: 0 if both passed.
Files are dealt in the order of their names, so that neighbours, which take about as long, go to different processes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROCESSES = 2
NOTHING_SELECTED = 5  # of pytest: every test of these files was left out


def main(options: list[str]) -> int:
    """Run pytest over all files with ``options``; return 1 if any process failed."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))
    number = PROCESSES if (os.cpu_count() or 1) >= PROCESSES else 1
    command = [sys.executable, "-m", "pytest", *options]
    with ExitStack() as opened:
        told = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(1, number)]
        running = []
        for at in range(number):
            out = told[at - 1] if at else None
            running.append(
                subprocess.Popen([*command, *files[at::number]], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
            )
            opened.callback(
                running[-1].kill
            )  # whoever is interrupted leaves nothing behind; one that ended does not mind
        ends = [one.wait() for one in running]
        for kept in told:
            kept.seek(0)
            sys.stdout.buffer.write(kept.read())
        sys.stdout.flush()
    for at, end in enumerate(ends):
        passed = end in {0, NOTHING_SELECTED}
        print(f"process {at + 1} of {number}, {len(files[at::number])} files: {'passed' if passed else 'FAILED'}")
    return 0 if all(end in {0, NOTHING_SELECTED} for end in ends) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
