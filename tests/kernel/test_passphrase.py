from __future__ import annotations

import pytest

from gestand.kernel.entropy import SeededEntropy
from gestand.kernel.errors import UsageError
from gestand.kernel.passphrase import open_sealed_root, seal_root
from gestand.kernel.rootkey import load_root_key, make_root_key, write_key

KEY = bytes(range(32))
PHRASE = "vijf woorden die niets betekenen"
SETTING = "passphrase:keys/root.sealed"


def test_sealed_and_opened_and_the_phrase_is_nowhere():
    text = seal_root(KEY, PHRASE, entropy=SeededEntropy("p"))
    assert open_sealed_root(text, PHRASE, "file") == KEY
    assert "argon2id t=3 m=65536 p=4" in text
    assert KEY.hex() not in text
    assert PHRASE not in text


def test_wrong_phrase_changed_file_no_file():
    text = seal_root(KEY, PHRASE, entropy=SeededEntropy("p"))
    for phrase, changed, code in (
        (PHRASE + "!", text, "passphrase-wrong"),
        (PHRASE, text.replace("p=4", "p=3"), "passphrase-wrong"),
        (PHRASE, text[:-2] + ("0" if text[-2] != "0" else "1") + "\n", "passphrase-wrong"),
        (PHRASE, text.replace("m=65536", "m=99999999"), "passphrase-file"),
        (PHRASE, "iets anders", "passphrase-file"),
        (PHRASE, text.replace("sealed=", "sealed=zz"), "passphrase-file"),
    ):
        with pytest.raises(UsageError) as refused:
            open_sealed_root(changed, phrase, "file")
        assert refused.value.code == code


def test_as_a_setting(tmp_path):
    made = make_root_key(SETTING, tmp_path, entropy=SeededEntropy("k"), variable={"GESTAND_PASSPHRASE": PHRASE}.get)
    assert load_root_key(SETTING, tmp_path, variable={"GESTAND_PASSPHRASE": PHRASE}.get) == made
    assert (tmp_path / "keys/root.sealed").stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError) as refused:
        load_root_key(SETTING, tmp_path, variable={}.get)
    assert refused.value.code == "passphrase-missing"
    with pytest.raises(UsageError) as refused:
        make_root_key("passphrase:b", tmp_path, entropy=SeededEntropy("k"), variable={"GESTAND_PASSPHRASE": "kort"}.get)
    assert refused.value.code == "passphrase-short"


def test_a_systemd_credential(tmp_path):
    (tmp_path / "root").write_text(write_key(KEY))
    (tmp_path / "root").chmod(0o400)
    variable = {"CREDENTIALS_DIRECTORY": str(tmp_path)}.get
    assert load_root_key("credential:root", tmp_path / "elsewhere", variable=variable) == KEY
    for setting, given in (
        ("credential:root", {}.get),
        ("credential:../root", variable),
        ("credential:none", variable),
    ):
        with pytest.raises(UsageError) as refused:
            load_root_key(setting, tmp_path, variable=given)
        assert refused.value.code == "root-key-missing"
