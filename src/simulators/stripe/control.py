"""``/_sim``: scenarios, faults and the checker's view over HTTP; Stripe has nothing of the kind."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from simulators.faults import Fault
from simulators.stripe.errors import Refusal
from simulators.wire import Request, Response

if TYPE_CHECKING:
    from simulators.stripe.account import StripeAccount

SCENARIOS = (
    "add_customer", "delete_customer", "add_product", "add_price", "pay", "settle", "capture", "refund", "edit",
    "emit", "add_key", "expire_key", "add_endpoint", "roll_secret", "resend",
    "pay_out", "move_payout", "reverse_payout", "reconcile_payout", "trace_payout", "alter_deposit", "announce_balance",
    "release_funds",
    "move_refund", "dispute", "move_dispute", "bounce",
    "open_invoice", "pay_invoice", "attach_payment", "pay_out_of_band", "void_invoice", "mark_uncollectible",
    "credit_note", "void_credit_note", "adjust_customer_balance",
    "add_row", "convert", "top_up", "move_topup", "hide_row", "alter_row", "remove_row", "forget_events",
)  # fmt: skip


def answer(account: StripeAccount, request: Request) -> Response:
    """The answer to ``/_sim/…``: POST a scenario's name with its arguments as JSON, GET god, events or bank."""
    name = request.path.removeprefix("/_sim").strip("/")
    try:
        value = _answer(account, request.method, name, request)
    except (ValueError, TypeError, KeyError) as wrong:
        return Response.of_json({"error": f"{name}: {wrong}"}, 400, X_Sim_Synthetic="1")
    except Refusal as refusal:
        return Response.of_json(refusal.body(), refusal.status, X_Sim_Synthetic="1")
    return Response.of_json(value, X_Sim_Synthetic="1")


def _answer(account: StripeAccount, method: str, name: str, request: Request) -> Any:
    if (method, name) == ("GET", "god"):
        return account.books()
    if (method, name) == ("GET", "events"):
        return {"events": account.events()}
    if (method, name) == ("GET", "bank"):
        return {"deposits": account.bank_deposits()}
    if method != "POST" or name not in {*SCENARIOS, "faults"}:
        known = "GET god, events, bank; POST faults, " + ", ".join(SCENARIOS)
        raise ValueError(f"{method} /_sim/{name} is unknown; known: {known}")
    given = json.loads(request.body or b"{}")
    if not isinstance(given, dict):
        raise ValueError("give the arguments as a JSON object")
    if name == "faults":
        return _faults(account, given)
    result = getattr(account, name)(**given)
    return {"result": asdict(result) if is_dataclass(result) and not isinstance(result, type) else result}


def _faults(account: StripeAccount, given: dict[str, Any]) -> Any:
    """``{"clear": true, "plan": [{"kind": "rate_limit", "operation": "charges.", "times": 1}]}``."""
    if given.get("clear"):
        account.faults.clear()
    account.plan(*(Fault(**fault) for fault in given.get("plan", [])))
    return {"struck": account.faults.struck}
