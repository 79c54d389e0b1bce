from __future__ import annotations

from pathlib import Path

import pytest

from gestand.kernel.entropy import SeededEntropy
from gestand.kernel.errors import DamagedError, GestandError, UsageError
from gestand.kernel.rootkey import load_root_key, make_root_key, read_key, write_key

FILE = "file:keys/root.key"


def nothing(_name: str) -> None:
    return None


def test_a_key_is_made_once_readable_for_its_owner_alone_and_read_back(tmp_path: Path) -> None:
    key = make_root_key(FILE, tmp_path, entropy=SeededEntropy("key"))
    path = tmp_path / "keys" / "root.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_root_key(FILE, tmp_path, variable=nothing) == key
    with pytest.raises(UsageError) as there:
        make_root_key(FILE, tmp_path, entropy=SeededEntropy("other"))
    assert there.value.code == "root-key-exists"
    assert load_root_key(FILE, tmp_path, variable=nothing) == key


def test_a_key_may_stand_in_the_environment(tmp_path: Path) -> None:
    key = bytes(range(32))
    assert load_root_key("env:ROOT", tmp_path, variable={"ROOT": write_key(key)}.get) == key
    with pytest.raises(UsageError) as missing:
        load_root_key("env:ROOT", tmp_path, variable=nothing)
    assert missing.value.code == "root-key-missing"
    with pytest.raises(UsageError) as not_made:
        make_root_key("env:ROOT", tmp_path, entropy=SeededEntropy("key"))
    assert not_made.value.code == "root-key-not-made"


def test_every_slip_of_the_pen_is_noticed() -> None:
    line = write_key(bytes(range(32)))
    for at, letter in enumerate(line):
        slip = line[:at] + ("0" if letter != "0" else "1") + line[at + 1 :]
        with pytest.raises(UsageError) as fault:
            read_key(slip, "paper")
        assert fault.value.code in {"root-key-mistyped", "root-key-format"}


@pytest.mark.parametrize(
    ("setting", "content", "mode", "code"),
    [
        ("file:absent", None, 0o600, "root-key-missing"),
        ("file:k", write_key(bytes(32)).encode(), 0o640, "root-key-exposed"),
        ("keychain:k", None, 0o600, "root-key-setting"),
        ("file:", None, 0o600, "root-key-setting"),
    ],
)
def test_what_is_no_usable_key_is_said_with_its_remedy(
    tmp_path: Path, setting: str, content: bytes | None, mode: int, code: str
) -> None:
    if content is not None:
        (tmp_path / "k").write_bytes(content)
        (tmp_path / "k").chmod(mode)
    with pytest.raises(UsageError) as fault:
        load_root_key(setting, tmp_path, variable=nothing)
    assert fault.value.code == code
    assert fault.value.remedy


def test_a_flip_or_a_cut_at_every_byte_of_the_key_file_is_damage(tmp_path: Path) -> None:
    make_root_key(FILE, tmp_path, entropy=SeededEntropy("key"))
    path = tmp_path / FILE.removeprefix("file:")
    sound = path.read_bytes()
    key = load_root_key(FILE, tmp_path, variable=nothing)
    bent = [
        sound[:at] + bytes([sound[at] ^ 1 << bit]) + sound[at + 1 :] for at in range(len(sound)) for bit in (0, 3, 7)
    ]
    for content in [*bent, *(sound[:length] for length in range(len(sound)))]:
        path.write_bytes(content)
        if (
            content.decode("ascii", "replace").strip() == sound.decode("ascii").strip()
        ):  # the line break at its end is no part of it
            assert load_root_key(FILE, tmp_path, variable=nothing) == key
            continue
        with pytest.raises(DamagedError) as damage:
            load_root_key(FILE, tmp_path, variable=nothing)
        assert (damage.value.code, damage.value.exit_status) == ("root-key-damaged", 4)
        assert str(path) in damage.value.where


def test_a_folder_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(GestandError) as fault:
        make_root_key(FILE, tmp_path, entropy=SeededEntropy("key"))
    assert fault.value.code in {"root-key-not-written", "root-key-exists"}
