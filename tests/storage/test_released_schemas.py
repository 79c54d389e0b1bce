"""What an earlier release wrote is opened by this one, on both engines: tables brought forward, every value readable."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from engines import on_postgres
from gestand.doors.demonstration.story import OWNER
from gestand.kernel.clock import SettableClock
from gestand.kernel.config import environment, load_config
from gestand.kernel.config_edit import write_settings
from gestand.kernel.ids import PurposeId
from gestand.kernel.rootkey import load_root_key
from gestand.storage.engine import Engine, Value
from gestand.stores import open_data, open_keys
from gestand.system import open_system
from postgres_server import running_server

pytestmark = pytest.mark.on_both_engines
RELEASED = sorted((Path(__file__).parents[1] / "fixtures").glob("schema-*"))


def value_of(written: object) -> Value:
    return bytes.fromhex(written["hex"]) if isinstance(written, dict) else written  # type: ignore[return-value]


def thaw(frozen: dict, engine: Engine) -> None:
    """Make the store as that release made it, with its rows."""
    for room, scripts in frozen["scripts"].items():
        engine.migrate(room, scripts)
    for table, rows in frozen["rows"].items():
        engine.execute(f"DELETE FROM {table}")  # noqa: S608 - what a script itself put there
        for row in rows:
            places = ", ".join("?" * len(row))
            engine.execute(f"INSERT INTO {table} VALUES ({places})", [value_of(one) for one in row])  # noqa: S608
    engine.close()


@pytest.mark.parametrize("release", RELEASED, ids=lambda path: path.name)
def test_an_organisation_of_a_release_opens_and_every_value_is_there(
    tmp_path: Path, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.loads((release / "stores.json").read_text("utf-8"))
    folder = tmp_path / "koper"
    shutil.copytree(release / "organisation", folder)
    (folder / "data").mkdir()
    (folder / "epochs").rename(folder / "data" / "epochs")
    (folder / "keys" / "root.key").chmod(0o600)
    if on_postgres():
        server = running_server()
        monkeypatch.setenv("GESTAND_DSN", server.dsn())
        monkeypatch.setenv("GESTAND_KEYS_DSN", server.keys_dsn)
        settings = {"dsn": "env:GESTAND_DSN", "keys_dsn": "env:GESTAND_KEYS_DSN", "schema": server.schema()}
        write_settings(folder, {"engine": "postgres", **settings})
    config = load_config(folder)
    root_key = load_root_key(config.root_key, folder, variable=environment)
    thaw(document["data"], open_data(config, root_key, variable=environment))
    thaw(document["keys"], open_keys(config, root_key, variable=environment))
    with open_system(folder, clock=SettableClock(datetime.fromisoformat(document["at"]))) as house:
        house.vault.verify()
        opened = house.vault.open_many(
            list(house.vault.subjects()), PurposeId("rights"), actor=OWNER, reason="an older release"
        )
        assert {one.subject: sorted(item.value for item in one.items) for one in opened} == document["values"]
        assert len(list(house.requests.all())) == len(document["data"]["rows"]["request"])


def test_a_schema_is_frozen() -> None:
    assert RELEASED[0].name == "schema-1"
