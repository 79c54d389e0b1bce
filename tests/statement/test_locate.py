from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gestand.statement.locate import KeyPath, line_of, locate
from statement.firm import POLICY

KEYS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True), st.text(st.characters(codec="utf-8"), max_size=5)
)
DECOYS = st.sampled_from(
    ["x", "a = 1", "[a]", "# no comment", "]", "}", "=", '"', "'", "\\", "\n[a.b]\na = 2\n", "\n", "é", "'''", ","]
)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), DECOYS, st.just(1.5))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


class Writer:
    """Writes a document in one of the many forms that TOML allows, and notes on which line each key came to stand."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.out = ""
        self.lines: dict[KeyPath, int] = {}
        self.newline = draw(st.sampled_from(["\n", "\r\n"]))

    def coin(self) -> bool:
        return bool(self.draw(st.booleans()))

    def put(self, words: str) -> None:
        self.out += words

    def end(self) -> None:
        self.put(self.draw(st.sampled_from(["", "  ", ' # a = 1 [b] "c'])) + self.newline)
        if self.coin():
            self.put(self.draw(st.sampled_from([self.newline, f"# [x]{self.newline}", f"\t{self.newline}"])))

    def note(self, path: KeyPath) -> None:
        self.lines.setdefault(path, self.out.count("\n") + 1)

    def key(self, key: str) -> str:
        if key and all(c.isascii() and (c.isalnum() or c in "-_") for c in key) and self.coin():
            return key
        if "'" not in key and key.isprintable() and self.coin():
            return f"'{key}'"
        return self.basic(key)

    def basic(self, value: str) -> str:
        plain = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in value)
        return f'"{plain}"'

    def string(self, value: str) -> str:
        if "'''" not in value and not value.endswith("'") and "\r" not in value and self.coin():
            return f"'''{self.newline if self.coin() or value.startswith(chr(10)) else ''}{value}'''"
        if self.coin() and "\n" in value:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"""{self.newline}{escaped}"""'
        return self.basic(value)

    def value(self, value: Any, path: KeyPath, *, inline: bool = False) -> None:
        if isinstance(value, bool):
            self.put(str(value).lower())
        elif isinstance(value, str):
            self.put(self.basic(value) if inline else self.string(value))
        elif isinstance(value, list):
            self.put("[")
            for index, inner in enumerate(value):
                if not inline and self.coin():
                    self.end()
                self.note((*path, index))
                self.value(inner, (*path, index), inline=inline)
                self.put(",")
            if not inline and self.coin():
                self.end()
            self.put("]")
        elif isinstance(value, dict):
            self.put("{ ")
            for number, (key, inner) in enumerate(value.items()):
                self.put(", " if number else "")
                self.note((*path, key))
                self.put(self.key(key) + " = ")
                self.value(inner, (*path, key), inline=True)
            self.put(" }")
        else:
            self.put(str(value))

    def table(self, table: dict[str, Any], path: KeyPath, header: list[str]) -> None:
        later = []
        for key, value in table.items():
            of_tables = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
            if (isinstance(value, dict) or of_tables) and self.coin():
                later.append((key, value))
            elif isinstance(value, dict) and value and self.coin():
                for inner, deep in value.items():  # dotted
                    self.note((*path, key))
                    self.note((*path, key, inner))
                    self.put(f"{self.key(key)} . {self.key(inner)} = ")
                    self.value(deep, (*path, key, inner))
                    self.end()
            else:
                self.note((*path, key))
                self.put(f"{self.key(key)}\t= ")
                self.value(value, (*path, key))
                self.end()
        for key, value in later:
            names = [*header, key]
            for index, inner in enumerate(value if isinstance(value, list) else [value]):
                listed = isinstance(value, list)
                here: KeyPath = (*path, key, index) if listed else (*path, key)
                self.note((*path, key))
                self.note(here)
                spelled = ".".join(self.key(name) for name in names)
                self.put(f"[[{spelled}]]" if listed else f"[ {spelled} ]")
                self.end()
                self.table(inner, here, names)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, st.data())
def test_every_key_that_tomllib_reads_is_found_on_its_line(document, data):
    writer = Writer(data.draw)
    writer.table(document, (), [])
    read = tomllib.loads(writer.out)
    assert _normal(read) == _normal(document)
    assert dict(locate(writer.out)) == writer.lines


def _normal(value: Any) -> Any:
    """Line ends within literal strings become newlines, as TOML allows."""
    if isinstance(value, dict):
        return {key: _normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_normal(inner) for inner in value]
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _paths(value: Any, path: KeyPath = ()) -> set[KeyPath]:
    found = {path} if path else set()
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, deep in inner:
        found |= _paths(deep, (*path, key))
    return found


def test_the_paths_of_a_real_policy_are_those_that_tomllib_reads():
    assert set(locate(POLICY)) == _paths(tomllib.loads(POLICY))


def test_lines_are_those_where_the_key_stands():
    source = 'a = """\nb = 1\n"""\n"b" = { c = 1,\td.e = [ 1,\n 2 ] }\n[[t]]\nx = 1\n[[t]]\n[t.y]\nz = 2'
    lines = locate(source)
    assert lines["a",] == 1
    assert lines["b",] == lines["b", "c"] == lines["b", "d", "e", 0] == 4
    assert lines["b", "d", "e", 1] == 5
    assert lines["t", 0, "x"] == 7
    assert lines["t", 1] == 8
    assert lines["t", 1, "y", "z"] == 10


def test_what_is_not_written_is_found_at_the_nearest_key_above_it():
    lines = locate("a = 1\n[b]\nc = 2\n")
    assert line_of(lines, ("b", "d", "e")) == 2
    assert line_of(lines, ("z",)) == 1
