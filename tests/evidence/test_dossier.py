"""The dossier is verified by the program that lies in it, and by nothing of ours."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gestand.doors.demonstration.cast import CAST
from gestand.doors.dossier import make_dossier
from gestand.kernel.errors import UsageError
from gestand.ledger.exported import verify_export

OWN = {"MANIFEST", "MANIFEST.note", "KEY", "verify.py"}


@pytest.fixture(scope="module")
def made(lived, tmp_path_factory):
    from gestand.doors.demonstration.place import Place
    from gestand.kernel.clock import SettableClock

    home = tmp_path_factory.mktemp("dossier")
    shutil.copytree(lived.folder.parent, home, dirs_exist_ok=True)
    place = Place(home / "koper", SettableClock(lived.until))
    folder = home / "out"
    key = str(place.open().ledger.key)
    made = make_dossier(place.open(), folder)
    place.close()
    return folder, key, made


@pytest.fixture
def dossier(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "d")
    return tmp_path / "d", made[1]


def verified(folder: Path, *key: str):
    """Run the included verifier as a stranger would: isolated, with no environment, from another folder."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), *key], capture_output=True, text=True, env={}, cwd="/"
    )


def test_it_verifies_without_this_program(dossier):
    folder, key = dossier
    for words in ((key,), ()):
        done = verified(folder, *words)
        assert done.returncode == 0, done
        assert done.stdout.startswith("YES: ")


def test_any_changed_missing_or_added_file_is_named(dossier):
    folder, key = dossier
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        if name in {"KEY", "verify.py"}:
            continue
        path.write_bytes(content[:-2] + bytes((content[-2] ^ 1,)) + content[-1:])
        done = verified(folder, key)
        assert done.returncode, name
        if name not in OWN:
            assert f"{name} is missing or changed" in done.stdout
        path.write_bytes(content)
    (folder / "requests.json").unlink()
    (folder / "extra.txt").write_text("x")
    out = verified(folder, key).stdout
    assert "requests.json is missing" in out
    assert "extra.txt does not belong here" in out


def test_another_key_vouches_for_nothing(dossier):
    folder, key = dossier
    name, mark, coded = key.split("+", 2)
    other = f"{name}+{mark}+{coded[:-3]}{'A' if coded[-3] != 'A' else 'B'}{coded[-2:]}"
    assert verified(folder, other).returncode


def test_a_ledger_rewritten_with_its_list_still_fails_at_its_checkpoints(dossier):
    from hashlib import sha256

    folder, key = dossier
    ledger = folder / "ledger.txt"
    old = ledger.read_bytes()
    new = old.replace(b'"actor":"owner"', b'"actor":"other"', 1)
    assert new != old
    ledger.write_bytes(new)
    manifest = folder / "MANIFEST"
    manifest.write_text(manifest.read_text().replace(sha256(old).hexdigest(), sha256(new).hexdigest()))
    out = verified(folder, key).stdout
    assert "MANIFEST is not what the firm's key signed" in out
    assert "does not hold" in out


@pytest.mark.parametrize(
    "key", [".", "a+b", "a+b+!!", "gestand/koper+00000000+" + "A" * 44, "gestand/koper+00000000+//////////8="]
)
def test_a_key_that_is_none_is_told_and_no_fault_of_the_verifier(dossier, key):
    ran = verified(dossier[0], key)
    assert ran.returncode == 1
    assert (ran.stdout + ran.stderr).startswith("NO: ")
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("name", ["MANIFEST", "MANIFEST.note", "ledger.txt"])
@pytest.mark.parametrize("damage", ["gone", "empty", "signature"])
def test_a_dossier_that_is_damaged_is_told_and_no_fault_of_the_verifier(dossier, name, damage):
    folder, key = dossier
    file = folder / name
    text = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        mark = text.rfind(b"\xe2\x80\x94 ")
        file.write_bytes(b"" if damage == "empty" else text[: mark + 60] + b"AAAAAAAA" + text[mark + 68 :])
    ran = verified(folder, key)
    assert ran.returncode == 1
    assert (ran.stdout + ran.stderr).startswith("NO: ")
    assert "Traceback" not in ran.stderr


def test_the_verifier_is_short_and_stands_alone(dossier):
    source = (dossier[0] / "verify.py").read_text("utf-8")
    assert len(source.splitlines()) <= 100
    imports = {
        alias.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imports <= set(sys.stdlib_module_names)


def test_no_customer_stands_in_it(dossier):
    everything = b"".join(p.read_bytes() for p in dossier[0].rglob("*") if p.is_file())
    assert b"GEEN cookies" in everything
    for person in CAST:
        for value in (person.email, person.name, person.street):
            assert value.encode() not in everything


def test_registers_and_disclosures_lie_in_it(dossier):
    import json

    folder, _ = dossier
    read = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in
            ("processing", "breaches", "disclosures", "requests", "measures", "proof", "destruction")}  # fmt: skip
    assert len(read["breaches"]["breaches"] if "breaches" in read["breaches"] else read["breaches"]) >= 2
    assert all(row["recipient"] and row["people"] for row in read["disclosures"])
    assert read["disclosures"]
    assert read["processing"]


def test_its_ledger_is_an_ordinary_export(dossier):
    assert verify_export(dossier[0] / "ledger.txt", None).head.size > 20


def test_a_folder_in_use_is_left_alone(place, tmp_path):
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(UsageError) as refused:
        make_dossier(place.open(), tmp_path)
    assert refused.value.code == "dossier-folder"
    assert (tmp_path / "kept.txt").read_text() == "mine"


def test_the_command(gestand, tmp_path):
    done = gestand("export", "dossier", str(tmp_path / "d"), "--json")
    assert done.status == 0
    assert verified(tmp_path / "d", done.document["key"]).returncode == 0
