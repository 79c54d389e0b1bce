"""The presets tried on what the systems really make: tables as WordPress, WooCommerce and Odoo have them, answers and exports."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from gestand.sources.files import FilesSource
from gestand.sources.load import read_source
from gestand.sources.model import Confidence, Found, Known
from gestand.sources.presets import preset_of
from gestand.sources.sql.service import SqlSource
from gestand.sources.web.service import HttpSource
from gestand.statement.policy import FieldKind
from postgres_server import free_port
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
        file = read_source(
            preset, text.replace("format = 1", "format = 1\nnear = true", 1).encode(), "x.toml", policy()
        )
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
    assert shop.rows("SELECT billing_email FROM wp_wc_orders WHERE id = 100") == [
        ("anna@example.nl",)
    ]  # kept seven years
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
    assert odoo.rows("SELECT comment FROM res_partner WHERE id = 8") == [
        ("<p>collega van [verwijderd], [verwijderd]</p>",)
    ]
    assert odoo.rows("SELECT login FROM res_users WHERE id = 5") == [("weg-5",)]
    assert odoo.rows("SELECT body FROM mail_message WHERE id = 51") == [
        ("<p>Beste [verwijderd] ([verwijderd]), wij komen langs.</p>",)
    ]
    assert odoo.rows("SELECT invoice_partner_display_name FROM account_move WHERE id = 40") == [("Anna de Vries",)]
    assert odoo.source.plan(odoo.find().traces, known=ANNA, rehearse=False).actionable == 0


def contact(number: str, first: str, last: str, email: str, **more: object) -> dict[str, object]:
    """Return a contact with the keys that Moneybird gives one."""
    empty = (
        "company_name", "address2", "phone", "tax_number", "chamber_of_commerce", "bank_account", "attention",
        "send_invoices_to_attention", "send_estimates_to_attention", "sepa_iban", "sepa_iban_account_name", "sepa_bic",
    )  # fmt: skip
    return {
        **dict.fromkeys(empty, ""), "id": number, "administration_id": 123, "firstname": first, "lastname": last,
        "address1": "Lindelaan 14", "zipcode": "1234AB", "city": "Zandstad", "country": "NL", "email": email,
        "send_invoices_to_email": email, "send_estimates_to_email": email, "customer_id": number[-4:], "email_ubl": True,
        "notes": [], "custom_fields": [], "contact_people": [], "archived": False, **more,
    }  # fmt: skip


CONTACTS = [
    contact(
        "4266642400350001",
        "Anna",
        "de Vries",
        "Anna@example.nl",
        notes=[{"id": "9", "note": "belt graag"}],
        contact_people=[{"firstname": "Piet", "email": "piet@example.nl"}],
        send_invoices_to_attention="t.a.v. Anna",
    ),
    contact("4266642400350002", "Anna", "de Vries", "andere.anna@example.org"),
    contact("4266642400350003", "Bram", "de Vries", "bram@example.nl"),
    contact("4266642400350004", "Anna", "de Vries", "anna@example.nl", archived=True),
]
INVOICES = [
    {"id": "1", "contact_id": "4266642400350001", "invoice_id": "2019-0007", "invoice_date": "2019-05-01", "details": []},
    {"id": "2", "contact_id": "4266642400350001", "invoice_id": "2026-0001", "invoice_date": "2026-01-05",
     "details": [{"description": "Muis, draadloos"}]},
    {"id": "3", "contact_id": "4266642400350003", "invoice_id": "2026-0002", "invoice_date": "2026-01-06", "details": []},
]  # fmt: skip


def moneybird() -> FastAPI:
    """Answer as Moneybird's API does: pages, no archived contacts and this year's invoices unless asked otherwise."""
    app = FastAPI()

    @app.middleware("http")
    async def token(request: Request, go_on):
        known = request.headers.get("authorization") == "Bearer geheim"
        return await go_on(request) if known else Response(status_code=401)

    @app.get("/api/v2/123/contacts.json")
    def contacts(query: str = "", page: int = 1, include_archived: str = "false"):
        words = query.lower().split()
        found = [
            one for one in CONTACTS
            if all(word in f"{one['firstname']} {one['lastname']} {one['email']} {one['customer_id']}".lower() for word in words)
            and (include_archived == "true" or not one["archived"])
        ]  # fmt: skip
        return found[2 * page - 2 : 2 * page]

    @app.get("/api/v2/123/contacts/{key}.json")
    def one(key: str):
        return next(one for one in CONTACTS if one["id"] == key)

    def listed(filter: str, page: int) -> list[dict[str, object]]:  # noqa: A002 - its name there
        asked = dict(part.split(":", 1) for part in filter.split(",") if part)
        first, _, last = asked.get("period", "20260101..20261231").partition("..")
        found = [
            one for one in INVOICES
            if one["contact_id"] == asked["contact_id"] and first <= str(one["invoice_date"]).replace("-", "") <= last
        ]  # fmt: skip
        return found[page - 1 : page]

    @app.get("/api/v2/123/sales_invoices.json")
    def invoices(filter: str = "", page: int = 1):  # noqa: A002 - its name there
        return listed(filter, page)

    @app.get("/api/v2/123/estimates.json")
    def estimates(filter: str = "", page: int = 1):  # noqa: A002 - its name there
        return []

    return app


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    found = free_port()
    config = uvicorn.Config(moneybird(), host="127.0.0.1", port=found, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield found
    server.should_exit = True
    thread.join()


def test_moneybird(port: int, tmp_path: Path):
    text = preset_of("moneybird").replace("https://moneybird.com", f"http://127.0.0.1:{port}")
    file = read_source(
        "moneybird", text.replace("format = 1", "format = 1\nnear = true", 1).encode(), "x.toml", policy()
    )
    source = HttpSource(file, place(tmp_path, {"MONEYBIRD_TOKEN": "geheim"}))
    assert source.test() == ()
    found = source.find({"anna": ANNA})["anna"]
    assert found.complete
    sure = {(t.place, t.key[0]) for t in found.traces if t.confidence is not Confidence.DOUBTFUL}
    assert sure == {
        ("contacts", "4266642400350001"), ("contacts", "4266642400350004"), ("invoices", "1"), ("invoices", "2"),
    }  # fmt: skip
    assert {t.key[0] for t in found.traces if t.confidence is Confidence.DOUBTFUL} == {"4266642400350002"}
    said = {v.column: v.value for t in found.traces if t.key[0] == "4266642400350001" for v in t.values}
    assert "belt graag" in said["notes"]
    assert "Piet" in said["contact_people"]
    assert said["send_invoices_to_attention"] == "t.a.v. Anna"
    plan = source.plan(found.traces, known=ANNA)
    assert (plan.actionable, plan.kept, plan.conflicts) == (0, 4, ())


def files(preset: str, folder: Path) -> FilesSource:
    return FilesSource(read_source(preset, preset_of(preset).encode(), "x.toml", policy()), place(folder))


RELATIONS = (
    "Code;Bedrijf;Contactpersoon;Adres;Postcode;Plaats;Telefoon;GSM;Email;IBAN;Notitie\r\n"
    "1001;;Anna de Vries;Lindelaan 14;1234 AB;Zandstad;0485-340101;06-12345678;Anna@example.nl;NL91ABNA0417164300;\r\n"
    "1002;;Bram Jansen;Molenweg 3;2345 BC;Veenhuizen;;;bram@example.nl;;vaste klant\r\n"
)
AUDIT = """<?xml version="1.0" encoding="utf-8"?>
<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2"><header><fiscalYear>2026</fiscalYear></header><company>
<companyName>Voorbeeldwinkel</companyName><customersSuppliers>
<customerSupplier><custSupID>1001</custSupID><custSupName>Anna de Vries</custSupName><telephone>06-12345678</telephone>
<eMail>anna@example.nl</eMail><streetAddress><streetname>Lindelaan</streetname><number>14</number></streetAddress>
<bankAccount><bankAccNr>NL91ABNA0417164300</bankAccNr></bankAccount></customerSupplier>
<customerSupplier><custSupID>1002</custSupID><custSupName>Bram Jansen</custSupName></customerSupplier>
</customersSuppliers></company></auditfile>
"""
INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>2026-0001</cbc:ID>
<cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>Anna de Vries</cbc:Name></cac:PartyName>
<cac:Contact><cbc:ElectronicMail>anna@example.nl</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingCustomerParty></Invoice>
"""


@pytest.mark.parametrize("preset", ["e-boekhouden", "snelstart"])
def test_exports_of_bookkeeping(preset: str, tmp_path: Path):
    folder = tmp_path / "exports" / preset
    folder.mkdir(parents=True)
    (folder / "Relaties.csv").write_bytes(RELATIONS.encode("cp1252"))
    (folder / "Auditfile 2026.xaf").write_text(AUDIT, "utf-8")
    (folder / "factuur-2026-0001.xml").write_text(INVOICE, "utf-8")
    (folder / "factuur-2026-0002.xml").write_text(INVOICE.replace("Anna de Vries", "Bram").replace("anna@", "bram@"))
    source = files(preset, tmp_path)
    assert source.test() == ()
    found = {t.place: t for t in source.find({"anna": ANNA})["anna"].traces}
    assert set(found) == {"Relaties.csv", "Auditfile 2026.xaf", "factuur-2026-0001.xml"}
    assert all(trace.confidence is not Confidence.DOUBTFUL for trace in found.values())
    assert "Bram" not in found["Relaties.csv"].values[0].value  # another's row is not hers
    plan = source.plan(tuple(found.values()), known=ANNA)
    assert (plan.kept, plan.conflicts) == (3, ())
    assert {row.ground for row in plan.rows} == {"AWR 52(4)"}
