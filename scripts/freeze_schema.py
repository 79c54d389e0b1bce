"""Freeze an organisation as this version writes it: ``python scripts/freeze_schema.py tests/fixtures/schema-N``.

Done once for every released schema; what stands there is never written again. Later versions must open it
(tests/storage/test_released_schemas.py). The people are invented, and the keys in it keep nothing else.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from gestand.doors.demonstration.place import make_place
from gestand.doors.demonstration.story import OWNER, live
from gestand.kernel.ids import PurposeId
from gestand.storage.engine import Engine
from gestand.storage.migrating import scripts_of
from gestand.storage.tables import tables

KEPT = (
    "gestand.toml",
    "policy.toml",
    "measures.toml",
    "statement.nl.md",
    "statement.en.md",
    "published",
    "versions",
    "keys",
)
OWN = ("room_version", "room_script")


def frozen(engine: Engine) -> dict[str, object]:
    """Return scripts and rows; bytes as {"hex": ...}."""
    rows = {
        table.name: [
            [{"hex": value.hex()} if isinstance(value, bytes) else value for value in row]
            for row in engine.execute(f"SELECT {', '.join(table.columns)} FROM {table.name}")  # noqa: S608
        ]
        for table in tables(engine)
        if table.name not in OWN
    }
    return {"scripts": scripts_of(engine), "rows": rows}


def freeze(target: Path) -> None:
    """Let the story happen, and write down what it left."""
    with tempfile.TemporaryDirectory() as scratch:
        place = make_place(Path(scratch) / "koper")
        live(place)
        vault = place.open().vault
        data, keys = vault.stores()
        opened = vault.open_many(list(vault.subjects()), PurposeId("rights"), actor=OWNER, reason="frozen")
        document = {
            "at": place.clock().isoformat(),
            "data": frozen(data),
            "keys": frozen(keys),
            "values": {one.subject: sorted(item.value for item in one.items) for one in opened},
        }
        place.close()
        target.mkdir(parents=True)
        (target / "stores.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
        organisation = target / "organisation"
        organisation.mkdir()
        for name in KEPT:
            source = place.folder / name
            if source.is_dir():
                shutil.copytree(source, organisation / name)
            elif source.exists():
                shutil.copy(source, organisation / name)
        shutil.copytree(place.folder / "data" / "epochs", organisation / "epochs")
        for path in (organisation / "keys").iterdir():
            if path.name != "root.key":
                path.unlink()


if __name__ == "__main__":
    freeze(Path(sys.argv[1]))
