"""The matrix: a promise is broken through the door that a real fault would use, and exactly its clauses turn red."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from types import ModuleType

import pytest

from gestand.doors.demonstration.sandbox import DemonstrationSandbox
from gestand.evidence.breaks import BREAKS
from gestand.evidence.controls import common
from gestand.evidence.model import ClauseFinding, Finding
from gestand.evidence.registry import controls
from gestand.evidence.rules import clauses_that_turn_red
from gestand.evidence.service import prove, run_control

SAMPLE = (
    "fields-have-purpose", "erasure-real", "ledger-intact", "pages-store-nothing", "requests-answered-in-time", "measure-paper",
)  # fmt: skip
"""One of each door: database, database past an erasure, file, page, time, a person. The others run with the long tests."""
LOOKING = tuple(dict.fromkeys((common, *(import_module(one.module) for one in controls().values()))))
BREAKING = tuple(dict.fromkeys(import_module(one.commit.__module__) for one in BREAKS.values()))


def each(names: list[str]) -> list[object]:
    return [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.long) for name in names]


def red(run) -> set[str]:
    return {one.clause.id for one in run.clauses if one.finding is ClauseFinding.BROKEN}


def test_before_anything_is_broken_nothing_is_red_and_every_control_holds(sandbox: DemonstrationSandbox):
    world = sandbox.world()
    assert red(prove(world)) == set()
    found = {name: run_control(control, world).verdict for name, control in controls().items()}
    assert {name: v.evidence for name, v in found.items() if v.finding is not Finding.KEPT} == {}


@pytest.mark.parametrize("name", each(sorted(BREAKS)))
def test_exactly_the_clauses_derived_from_kept_by_turn_red(sandbox: DemonstrationSandbox, name: str):
    world = BREAKS[name].commit(sandbox)
    alone = run_control(controls()[name], world).verdict
    assert alone.finding is Finding.BROKEN, f"{name} did not see it itself: {alone}"
    expected = set(clauses_that_turn_red(name, world.statement, controls()))
    assert red(prove(world)) == expected


def test_every_control_has_a_violation_that_says_what_fault_it_stands_for_and_there_are_no_others():
    assert set(BREAKS) == set(controls())
    assert all(one.how.strip() for one in BREAKS.values())


def code_of(module: ModuleType) -> str:
    """Return the module's code without its docstrings, which may speak of faults."""
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def marks_of_breaks() -> set[str]:
    """Return what only a violation writes: its names, and the words it leaves in rows, files and entries."""
    found = {node.name for module in BREAKING for node in ast.walk(ast.parse(inspect.getsource(module)))
             if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}  # fmt: skip
    return found | {
        "breaks", "Break", "sandbox", "Sandbox", "export-klanten", "curiosity", "temp-worker", "birthdate", "2026-12-24",
        "soms", "Meestal", "geen enkele", "20 years", "node=a3", "inspection: not in place", "4000",
        "shr_aaaaaaaaaaaaaaaa", "monthly list", "Waterland",
    }  # fmt: skip


@pytest.mark.parametrize("module", LOOKING, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_control_names_no_violation_and_reads_nothing_that_only_one_sets(module: ModuleType):
    code = code_of(module)
    named = {mark for mark in marks_of_breaks() if re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", code)}
    assert named == set()
    assert "gestand.doors" not in code


WRITING = (
    "append", "stage", "transaction", "add", "rectify", "restrict", "release", "object_to", "consent", "withdraw_consent",
    "withdraw_objection", "set_due", "move", "place_hold", "lift_hold", "erase", "attest", "receive", "confirm", "plan", "answer",
    "publish", "adopt", "write_text", "write_bytes", "unlink", "execute", "checkpoint",
)  # fmt: skip


@pytest.mark.parametrize("module", LOOKING, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_control_calls_nothing_that_writes(module: ModuleType):
    rooms = {"vault", "ledger", "engine", "requests", "register", "publication", "measures", "world"}
    called = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            owner = node.func.value
            if isinstance(owner, ast.Attribute) and owner.attr in rooms:
                called.add(node.func.attr)
    assert called == set()


def test_looking_changes_nothing(sandbox: DemonstrationSandbox):
    world = sandbox.world()
    before = (world.ledger.head(), tables(world))
    for control in controls().values():
        run_control(control, world)
    assert (world.ledger.head(), tables(world)) == before


def tables(world) -> dict[str, list[tuple[object, ...]]]:
    names = world.engine.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return {str(name): world.engine.execute(f'SELECT * FROM "{name}"') for (name,) in names}  # noqa: S608 - of the schema itself
