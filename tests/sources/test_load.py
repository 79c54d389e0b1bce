"""Every fault of a source's file is refused with file, line and remedy; secrets are never written out."""

from __future__ import annotations

import pytest

from gestand.kernel.errors import InputError, UsageError
from gestand.sources.load import load_sources, read_source
from gestand.sources.presets import preset_of, presets
from gestand.sources.secrets import read_secret
from sources.shop import MAPPING, policy

SOUND = MAPPING.format(place='dsn = "env:SHOP_DSN"')


def faults(text: str, name: str = "shop") -> list[tuple[str, int]]:
    with pytest.raises(InputError) as refused:
        read_source(name, text.encode(), f"sources/{name}.toml", policy())
    assert all(problem.remedy and problem.file == f"sources/{name}.toml" for problem in refused.value.problems)
    return [(problem.code, problem.line) for problem in refused.value.problems]


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def test_a_sound_file_is_read():
    assert set(read_source("shop", SOUND.encode(), "sources/shop.toml", policy()).declared.tables) == {
        "customer", "orders", "order_line", "invoice", "service_request",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "code", "at"),
    [
        ('kind = "sql"', 'kind = "sqll"', "source-kind", "kind ="),
        ('kind = "sql"', "", "source-kind", None),
        ("near = true", "near = true\nnaer = 1", "key-unknown", "naer"),
        ('dsn = "env:SHOP_DSN"', 'dsn = "postgresql://a:b@c/d"', "value-form", "dsn ="),
        ('dsn = "env:SHOP_DSN"', "", "source-place", "kind ="),
        ('field = "contact.customer-number"', 'field = "contact.shoe-size"', "source-field", "number ="),
        (
            'customer_id = "customer.id" }\nerase = "delete"',
            'customer_id = "klant.id" }\nerase = "delete"',
            "link-nowhere",
            "klant.id",
        ),
        ('ground = "AWR 52(4)"', "", "keep-without-ground", "[tables.invoice]"),
        ('erase = "replace", value = "verwijderd"', 'erase = "replace"', "column-without-value", "name ="),
        (', erase = "null" }\nalt_email', " }\nalt_email", "column-without-erasure", "email ="),
        ('id = { none = "row number" }', "id = { finds = true }", "column-unlabelled", "id ="),
        ('id = { none = "row number" }', 'id = { none = "row number", field = "contact.name" }', "column-both", "id ="),
    ],
)
def test_each_fault_is_named_on_its_line(was: str, now: str, code: str, at: str | None):
    text = SOUND.replace(was, now, 1)
    assert text != SOUND
    found = faults(text)
    assert code in dict(found)
    if at:
        assert (code, line_of(text, at)) in found


def test_broken_bytes_and_broken_toml_are_named():
    with pytest.raises(InputError) as refused:
        read_source("shop", b"format = 1\nkind = \xff", "f", policy())
    assert (refused.value.problems[0].code, refused.value.problems[0].line) == ("not-utf8", 2)
    assert faults("format = 1\nkind = \n") == [("not-toml", 2)]
    assert faults(SOUND, name="Shop 1") == [("source-name", 0)]


def test_the_faults_of_all_files_come_at_once(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/a.toml").write_text("format = 1")
    (tmp_path / "sources/b.toml").write_text(SOUND.replace("AWR 52(4)", ""))
    with pytest.raises(InputError) as refused:
        load_sources(tmp_path, policy())
    assert {problem.file for problem in refused.value.problems} == {"sources/a.toml", "sources/b.toml"}
    assert load_sources(tmp_path / "sources", policy()) == ()


def test_a_secret_that_others_may_read_is_refused(tmp_path):
    (tmp_path / "geheim").write_text("sesam\n")
    (tmp_path / "geheim").chmod(0o600)
    assert read_secret("file:geheim", tmp_path, variable=lambda _n: None, where="x") == "sesam"
    (tmp_path / "geheim").chmod(0o644)
    with pytest.raises(UsageError) as refused:
        read_secret("file:geheim", tmp_path, variable=lambda _n: None, where="x")
    assert refused.value.code == "source-secret-open"
    with pytest.raises(UsageError) as refused:
        read_secret("env:NERGENS", tmp_path, variable=lambda _n: None, where="x")
    assert refused.value.code == "source-secret-missing"
    assert "sesam" not in str(refused.value)


@pytest.mark.parametrize("name", ["wordpress", "woocommerce", "odoo", "moneybird", "e-boekhouden", "snelstart"])
def test_every_preset_is_a_sound_source(name: str):
    assert name in dict(presets())
    assert read_source(name, preset_of(name).encode(), f"sources/{name}.toml", policy()).name == name


def test_an_unknown_preset_names_those_there_are():
    with pytest.raises(UsageError, match="no preset") as refused:
        preset_of("exact")
    assert "wordpress" in refused.value.remedy
