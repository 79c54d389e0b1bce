"""The presets tried on what the systems really make: tables as WordPress, WooCommerce and Odoo have them, answers and exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from gestand.sources.load import read_source
from gestand.sources.model import Confidence, Found, Known
from gestand.sources.presets import preset_of
from gestand.sources.sql.service import SqlSource
from gestand.statement.policy import FieldKind
from sources.shop import fill, new_database, place, policy, rows

HERE = Path(__file__).parent / "systems"
ANNA = (Known(FieldKind.NAME, "Anna de Vries"), Known(FieldKind.EMAIL, "anna@example.nl"))


class Installed:
    """A system with its own tables, and its preset as it comes."""

    def __init__(self, preset: str, kind: str, script: str, folder: Path) -> None:
        self.dsn, _, variables = new_database(kind, folder)
        fill(self.dsn, script)
        text = preset_of(preset)
        variable = "ODOO_DSN" if preset == "odoo" else "WORDPRESS_DSN"
        file = read_source(preset, text.replace("format = 1", "format = 1\nnear = true", 1).encode(), "x.toml", policy())
        self.source = SqlSource(file, place(folder, {variable: variables["SHOP_DSN"]}))

    def find(self) -> Found:
        return self.source.find({"anna": ANNA})["anna"]

    def sure(self) -> dict[str, set[object]]:
        found: dict[str, set[object]] = {}
        for trace in self.find().traces:
            if trace.confidence is not Confidence.DOUBTFUL:
                found.setdefault(trace.place, set()).add(trace.key[0])
        return found

    def rows(self, query: str) -> list[tuple]:
        return rows(self.dsn, query)


def script(name: str, *, only_first_part: bool = False) -> str:
    text = (HERE / f"{name}.sql").read_text("utf-8")
    return text.partition("-- WooCommerce")[0] if only_first_part else text.replace("-- WooCommerce\n", "")


def test_wordpress(tmp_path: Path):
    site = Installed("wordpress", "mariadb", script("woocommerce", only_first_part=True), tmp_path)
    assert site.source.test() == ()
    assert site.sure() == {"wp_users": {2}, "wp_usermeta": {2, 3, 4}, "wp_comments": {1, 2}}
    plan = site.source.plan(site.find().traces, known=ANNA)
    assert plan.conflicts == ()
    site.source.erase(plan)
    assert site.rows("SELECT user_login, user_email, display_name FROM wp_users WHERE ID = 2") == [
        ("weg-2", "weg-2@example.invalid", "verwijderd")
    ]
    assert site.rows("SELECT umeta_id FROM wp_usermeta ORDER BY umeta_id") == [(1,), (5,)]
    assert site.rows("SELECT comment_author, comment_author_email, comment_content FROM wp_comments ORDER BY 1") == [
        ("Bram Jansen", "bram@example.nl", "Eens met [verwijderd] ([verwijderd])"), ("verwijderd", "", "[verwijderd]"),
    ]  # fmt: skip
    assert site.source.plan(site.find().traces, known=ANNA, rehearse=False).actionable == 0


def test_woocommerce(tmp_path: Path):
    shop = Installed("woocommerce", "mariadb", script("woocommerce"), tmp_path)
    assert shop.source.test() == ()
    found = shop.sure()
    assert found["wp_wc_orders"] == {100, 102}  # with an account and as a guest
    assert found["wp_wc_order_addresses"] == {1, 2, 4}
    assert found["wp_wc_customer_lookup"] == {1}
    assert found["wp_wc_orders_meta"] == {1}
    assert found["wp_woocommerce_sessions"] == {1}
    assert found["wp_woocommerce_payment_tokens"] == {1}
    assert found["wp_woocommerce_downloadable_product_permissions"] == {1}
    assert found["wp_woocommerce_order_items"] == {1}
    plan = shop.source.plan(shop.find().traces, known=ANNA)
    assert plan.conflicts == ()
    shop.source.erase(plan)
    assert shop.rows("SELECT billing_email FROM wp_wc_orders WHERE id = 100") == [("anna@example.nl",)]  # kept seven years
    assert shop.rows("SELECT session_id FROM wp_woocommerce_sessions") == [(2,)]
    assert shop.rows("SELECT first_name, last_name, email FROM wp_wc_customer_lookup WHERE customer_id = 1") == [
        ("", "verwijderd", None)
    ]
    assert shop.source.plan(shop.find().traces, known=ANNA, rehearse=False).actionable == 0


def test_odoo(tmp_path: Path):
    odoo = Installed("odoo", "postgres", script("odoo"), tmp_path)
    assert odoo.source.test() == ()
    found = odoo.sure()
    assert found["res_partner"] == {7, 8}  # herself, and what is said of her at another's card
    assert found["res_users"] == {5}
    assert found["res_partner_bank"] == {1}
    assert found["crm_lead"] == {1}
    assert found["sale_order"] == {20}
    assert found["account_move"] == {40}
    assert found["mail_message"] == {50, 51}
    plan = odoo.source.plan(odoo.find().traces, known=ANNA)
    assert plan.conflicts == ()
    odoo.source.erase(plan)
    assert odoo.rows("SELECT name, email, phone, mobile FROM res_partner WHERE id = 7") == [
        ("verwijderd", None, None, None)
    ]
    assert odoo.rows("SELECT comment FROM res_partner WHERE id = 8") == [("<p>collega van [verwijderd], [verwijderd]</p>",)]
    assert odoo.rows("SELECT login FROM res_users WHERE id = 5") == [("weg-5",)]
    assert odoo.rows("SELECT body FROM mail_message WHERE id = 51") == [
        ("<p>Beste [verwijderd] ([verwijderd]), wij komen langs.</p>",)
    ]
    assert odoo.rows("SELECT invoice_partner_display_name FROM account_move WHERE id = 40") == [("Anna de Vries",)]
    assert odoo.source.plan(odoo.find().traces, known=ANNA, rehearse=False).actionable == 0
