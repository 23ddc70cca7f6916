"""Every command of the command line: what it prints for people and for machines, its status, and its sentences."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.trial.pretend import SIGNING_SECRET, STORE_KEY, STORE_SECRET, STRIPE_KEY, PretendSystems
from tests.command_line import Ran, tieout
from tieout.cli.main import VERSION

TEMPLATE = Path(__file__).parents[2] / "src" / "tieout" / "templates" / "order_to_cash.toml"
PASSWORD = "prophet-password"
P21 = {"company_id": "ACME", "username": "tieout", "location_id": "10", "terms": "1", "salesrep": "812", "branch": "01"}
P21_SETTINGS = [
    f"--set={pair}"
    for pair in ("base_url=https://127.0.0.1:9", "company_id=1", "username=u", "location_id=1", "currencies.usd=1")
]


@pytest.fixture(scope="module")
def systems() -> Iterator[PretendSystems]:
    found = PretendSystems(11, settle_seconds=0.2)
    yield found
    found.close()


@pytest.fixture(scope="module")
def connected(systems: PretendSystems, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("connected")
    for done in (connect_stripe(folder, systems), connect_p21(folder, systems), connect_store(folder, systems)):
        assert done.status == 0, done
    return folder


def connect_stripe(folder: Path, systems: PretendSystems) -> Ran:
    words = ("--set", f"api_base={systems.stripe_url}", "--set", "calls_per_second=100000")
    secrets = {"TIEOUT_STRIPE_KEY": STRIPE_KEY, "TIEOUT_STRIPE_WEBHOOK_SECRET": SIGNING_SECRET}
    return tieout(folder, "connect", "stripe", *words, **secrets)


def connect_p21(folder: Path, systems: PretendSystems) -> Ran:
    settings = folder / "p21.toml"
    lines = [f"{name} = {value!r}" for name, value in P21.items() if name != "location_id"]
    settings.write_text("\n".join(["location_id = 10", *lines, "[currencies]", "usd = 1"]))
    words = (
        "--settings",
        str(settings),
        "--set",
        f"base_url={systems.p21_url}",
        "--set",
        "payment_type_id=5",
        "--set",
        "bank_no=2",
    )
    return tieout(folder, "connect", "p21", *words, TIEOUT_P21_SECRET=PASSWORD)


def connect_store(folder: Path, systems: PretendSystems) -> Ran:
    words = ("connect", "webstore", "woocommerce", "--set", f"url={systems.store_url}")
    return tieout(folder, *words, TIEOUT_STORE_KEY=STORE_KEY, TIEOUT_STORE_SECRET=STORE_SECRET)


def file_with(folder: Path, old: str, new: str) -> str:
    text = TEMPLATE.read_text()
    assert old in text
    path = folder / "workflow.toml"
    path.write_text(text.replace(old, new))
    return str(path)


def test_every_connection_is_probed_and_says_what_it_found(systems: PretendSystems, connected: Path) -> None:
    found = tieout(connected, "probe")
    assert found.status == 0
    assert "acct_1SimTieoutSandbox0" in found.said
    assert "accepts the credentials of tieout" in found.said
    machines = json.loads(tieout(connected, "probe", "--json").out)
    assert set(machines) == {"stripe", "p21", "webstore"}
    assert {one["name"]: one["on"] for one in machines["p21"]["capabilities"]}["cash_receipt"] is True
    assert tieout(connected, "probe", "p21").said.startswith("p21 ")


def test_a_webhook_endpoint_is_made_when_its_address_is_given(systems: PretendSystems, tmp_path: Path) -> None:
    systems.stripe_account.add_key("rk_test_setup000000000000")
    done = tieout(
        tmp_path,
        *(
            "connect",
            "stripe",
            "--name",
            "second",
            "--webhook-url",
            "https://tieout.example.com/webhooks/stripe/second",
        ),
        *("--set", f"api_base={systems.stripe_url}", "--set", "calls_per_second=100000"),
        TIEOUT_STRIPE_KEY=STRIPE_KEY,
        TIEOUT_STRIPE_SETUP_KEY="rk_test_setup000000000000",
    )
    assert done.status == 0, done
    assert "Events are accepted at /webhooks/stripe/second." in done.said
    assert "is switched on" in done.said
    (made,) = [one for one in systems.stripe_account.endpoints() if one.row["url"].endswith("/stripe/second")]
    made.row["status"] = "disabled"
    probed = tieout(tmp_path, "probe", "second")
    assert probed.status == 3
    assert "has switched the webhook endpoint" in " ".join(probed.said.split())


def test_nothing_has_arrived_yet(tmp_path: Path) -> None:
    assert tieout(tmp_path, "runs").status == 0
    assert json.loads(tieout(tmp_path, "runs", "--json").out) == []


def test_a_workflow_is_checked_published_exported_and_retired(tmp_path: Path) -> None:
    assert "No problem found." in tieout(tmp_path, "workflows", "check", str(TEMPLATE)).said
    assert json.loads(tieout(tmp_path, "workflows", "check", str(TEMPLATE), "--json").out) == []
    changed = file_with(tmp_path, "tax_policy = 'p21'", "tax_policy = 'charge_item'")
    assert "order_to_cash version 2 is active." in tieout(tmp_path, "workflows", "publish", changed).said
    assert "order_to_cash version 2 is active." in tieout(tmp_path, "workflows", "publish", changed).said
    exported = tieout(tmp_path, "workflows", "export", "order_to_cash").out
    assert "tax_policy = 'charge_item'" in exported
    (tmp_path / "exported.toml").write_text(exported)
    assert tieout(tmp_path, "workflows", "check", str(tmp_path / "exported.toml")).status == 0
    assert "retired" in tieout(tmp_path, "workflows", "retire", "order_to_cash").said
    again = tieout(tmp_path, "workflows", "retire", "order_to_cash")
    assert (again.status, again.said) == (4, "No workflow 'order_to_cash' is active; active are: dispute, refund.")
    assert {"order_to_cash", "direct_invoice"} <= set(tieout(tmp_path, "workflows", "templates").said.split())


def test_a_workflow_is_tried_with_every_write_held_back(systems: PretendSystems, connected: Path) -> None:
    line = '[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250}]'
    bought = systems.stripe_account.pay(amount=2500, payment_metadata={"lines": line}, receipt_email="a@b.example")
    orders = len(systems.p21_tenant.rows("oe_hdr"))
    words = ("workflows", "try", str(TEMPLATE), "--payment", str(bought.payment_intent))
    tried = tieout(connected, *words)
    assert tried.status == 0, tried
    assert tried.said.startswith("The payment would be applied. ")
    assert "would write sales_order with reference" in tried.said
    machines = json.loads(tieout(connected, *words, "--json").out)
    assert [one["entity"] for one in machines["held"]][-1] == "stripe metadata"
    assert len(systems.p21_tenant.rows("oe_hdr")) == orders
    assert "erporderid" not in str(systems.stripe_account.books()["metadata"].get(bought.payment_intent))
    nothing = tieout(connected, "workflows", "try", str(TEMPLATE), "--payment", "pi_nobody")
    assert nothing.status == 3
    assert "Stripe has no payment intent 'pi_nobody'" in nothing.said
    assert not nothing.err, "the log is nobody's who has not asked for it"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "amount = 'money(payment.amount, payment.currency)'",
            "amount = 'money(payment.amount'",
            ("write_receipt", "^"),
        ),
        ("payment.billing.name", "payment.biling.name", ("no field 'biling'", "^^^^^^", "did you mean 'bill")),
        ("next = 'find_items'", "next = 'find_itmes'", ("no node 'find_itmes'", "did you mean 'find_items'")),
        ("type = 'for_each'", "type = 'for_all'", ("for_all",)),
        ("format = 1", "format = 2", ("workflow.toml: format is '2': this Tieout reads format 1.",)),
        ("format = 1", "format = ", ("This is not TOML", "line 1", "Correct it at that place.")),
        ("format = 1", "format = 1\ncolour = 'red'", ("colour is 'red': known here: format, name",)),
    ],
)
def test_a_workflow_with_a_mistake_shows_where_it_is(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    checked = tieout(tmp_path, "workflows", "check", file_with(tmp_path, old, new))
    assert checked.status == (1 if old.startswith("format") else 3)
    assert all(word in checked.said for word in words), checked
    published = tieout(tmp_path, "workflows", "publish", file_with(tmp_path, old, new))
    assert published.status == 1
    assert "version" not in published.out


NOT_TEXT = "not-text.toml"
WRONG: list[tuple[tuple[str, ...], int, str]] = [
    (("nonsense",), 2, "No such command 'nonsense'"),
    (("runs", "--nonsense"), 2, "No such option"),
    (("runs", "--limit", "0"), 2, "--limit"),
    (
        ("runs", "--state", "xyz"),
        1,
        "There is no state 'xyz'; use one of applied, parked, ignored, queued, running, waiting, open.",
    ),
    (("show",), 2, "Missing argument"),
    (("show", "R99"), 4, "There is no run 'R99'; list them with: tieout runs"),
    (("show", "R99", "--json"), 4, "There is no run 'R99'; list them with: tieout runs"),
    (("replay", "evt_x' OR 1=1 --"), 4, 'There is no run or event "evt_x\' OR 1=1 --"; list them with: tieout runs'),
    (("probe",), 4, "There is no connection. Add one with: tieout connect"),
    (("probe", "nobody"), 4, "There is no connection called 'nobody'."),
    (("connect", "stripe"), 1, "Set the environment variables TIEOUT_STRIPE_KEY and TIEOUT_STRIPE_WEBHOOK_SECRET."),
    (("connect", "p21", *P21_SETTINGS), 1, "is missing. Set the environment variable TIEOUT_P21_SECRET."),
    (("connect", "p21", "--set", "x"), 1, "--set takes name=value, such as --set company_id=ACME; got 'x'."),
    (("connect", "p21", "--set", "a=1", "--set", "a.b=2"), 1, "--set a.b: a is already one value."),
    (("connect", "p21", "--settings", NOT_TEXT), 1, "is not a text file in UTF-8. Save it as UTF-8"),
    (
        ("connect", "p21", "--settings", "broken.toml"),
        1,
        "broken.toml is not TOML: Invalid value (at line 1, column 5).",
    ),
    (("connect", "p21", "--settings", "not-there.toml"), 2, "does not exist"),
    (("workflows", "check", NOT_TEXT), 1, "is not a text file in UTF-8. Save it as UTF-8"),
    (("workflows", "check", "not-there.toml"), 2, "does not exist"),
    (("workflows", "check", "."), 2, "is a directory"),
    (("workflows", "export", "nope"), 4, "There is no workflow 'nope'; there are: dispute, order_to_cash, refund."),
    (("workflows", "retire", "nope"), 4, "No workflow 'nope' is active; active are: dispute, order_to_cash, refund."),
    (("simulate", "p21", "--option", "x"), 1, "--option takes name=value, got 'x'."),
    (("simulate", "p21", "--option", "colour=red"), 1, "unknown option 'colour'; known: "),
    (("simulate", "stripe", "--option", "colour=red"), 1, "unknown option 'colour'; known: "),
    (("simulate", "webstore", "--option", "store=corner"), 1, "option store: 'corner' is none of"),
    (("simulate", "p21", "-o", "services=5"), 1, "option services: '5' is not a JSON object"),
    (("simulate", "p21", "-o", "tax_rates=[1]"), 1, "option tax_rates: '[1]' is not a JSON object"),
    (("simulate", "p21", "-o", "async_capacity=x"), 1, "option async_capacity: 'x' is not a whole number"),
    (
        ("simulate", "stripe", "-o", "settle_seconds=soon"),
        1,
        "option settle_seconds: 'soon' is not a number of seconds",
    ),
    (("simulate", "p21", "--port", "99999"), 2, "--port"),
    (("runs", "--folder", "broken.toml"), 1, "The folder broken.toml cannot be used"),
    (("work", "--worker", "a b"), 1, "The setting worker ('a b') does not fit"),
]


def test_a_folder_that_is_not_there_is_no_empty_installation(tmp_path: Path) -> None:
    ran = tieout(tmp_path / "mistyped", "payouts")
    assert ran.status == 1
    assert ran.said == (
        f"There is no installation in {tmp_path / 'mistyped'}. "
        "Name the folder of yours (--folder, or TIEOUT_FOLDER), or begin one with: tieout connect"
    )
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize(("words", "status", "sentence"), WRONG, ids=[" ".join(words) for words, _, _ in WRONG])
def test_wrong_use_is_answered_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / NOT_TEXT).write_bytes(b"\xff\xfe\x00")
    (tmp_path / "broken.toml").write_text("x = \n")
    (tmp_path / "data").mkdir(0o700)
    ran = tieout(tmp_path / "data", *words)
    assert ran.status == status, ran
    assert sentence in ran.said
    assert not ran.out, "what went wrong is no output"


def test_it_tells_its_version(tmp_path: Path) -> None:
    ran = tieout(tmp_path, "--version")
    assert (ran.status, ran.said, list(tmp_path.iterdir())) == (0, f"tieout {VERSION}", [])


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    ran = tieout(tmp_path, "runs", TIEOUT_PAGE_PORT="no port")
    assert ran.status == 1
    assert "The setting page_port ('no port') does not fit" in ran.said
    assert "Correct TIEOUT_PAGE_PORT" in ran.said


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tieout"]
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert all(
        name in shown.stdout for name in ("serve", "work", "connect", "probe", "runs", "alerts", "show", "replay")
    )
    wrong = subprocess.run([*command, "show", "R1", "--folder", tmp_path], capture_output=True, text=True, check=False)
    assert (wrong.returncode, wrong.stdout) == (4, "")
    assert wrong.stderr.strip() == "There is no run 'R1'; list them with: tieout runs"


@pytest.mark.parametrize("setting", ["TIEOUT_PAGE_PORT", "TIEOUT_WEBHOOK_PORT"])
def test_a_port_that_is_taken_is_told_with_what_to_do(tmp_path: Path, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        others = {"TIEOUT_PAGE_PORT": "0", "TIEOUT_WEBHOOK_PORT": "0"}
        ran = tieout(tmp_path, "serve", **others | {setting: port})
    assert ran.status == 1, ran
    assert f"Nothing can listen on 127.0.0.1 port {port} (Address already in use)." in ran.said
    assert f"choose another port: {setting}." in ran.said
    assert "Traceback" not in ran.said


def test_a_simulator_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "tieout", "simulate", "stripe", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=None) as running:
        assert running.stdout is not None
        assert "stripe simulator: http://127.0.0.1:" in running.stdout.readline()
        running.terminate()


@pytest.mark.parametrize(
    "name", ["../../../trav", "..", "/etc", "a/b", "a\\b", "", "a b", "ä", "x" * 61, ".hidden", "a\n"]
)
@pytest.mark.parametrize("words", [("stripe",), ("p21",), ("webstore", "woocommerce")], ids=" ".join)
def test_a_name_that_leads_out_of_its_folder_is_none(tmp_path: Path, words: tuple[str, ...], name: str) -> None:
    """Case D10: a connection called ../../../trav let a signed pack be written outside the installation."""
    ran = tieout(tmp_path, "connect", *words, "--name", name)
    assert ran.status == 1
    assert "is no name for a connection: use letters, digits" in ran.said


def test_a_look_up_is_checked_against_the_tables_of_the_file_and_those_kept_apart(tmp_path: Path) -> None:
    file = file_with(tmp_path, "note = 'cleanse(order.note)'", "note = \"lookup(order.id, 'notes')\"")
    checked = tieout(tmp_path, "workflows", "check", file)
    assert checked.status == 3
    assert "There is no look-up table 'notes'." in checked.out
    refused = tieout(tmp_path, "workflows", "publish", file)
    assert refused.status == 1
    assert "There is no look-up table 'notes'." in refused.said
    assert tieout(tmp_path, "tables", "set", "notes", "1", "ring twice", "--reason", "asked for").status == 0
    assert "No problem found." in tieout(tmp_path, "workflows", "check", file).said
    assert tieout(tmp_path, "workflows", "publish", file).status == 0


def test_a_workflow_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "marked.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TEMPLATE.read_bytes())
    assert "No problem found." in tieout(tmp_path, "workflows", "check", str(file)).said


def test_a_webhook_secret_that_is_none_is_refused_before_anything_is_asked_of_stripe(tmp_path: Path) -> None:
    secrets = {"TIEOUT_STRIPE_KEY": STRIPE_KEY, "TIEOUT_STRIPE_WEBHOOK_SECRET": "nonsense"}
    ran = tieout(tmp_path, "connect", "stripe", "--set", "api_base=https://127.0.0.1:9", **secrets)
    assert ran.status == 1
    assert ran.said.startswith("The webhook signing secret is missing or is not one: it begins with whsec_.")
