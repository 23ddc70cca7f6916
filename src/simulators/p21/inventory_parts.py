"""Items over REST, reading only (P21 facts §8)."""

from __future__ import annotations

from urllib.parse import unquote

from simulators.p21.answers import Answer, no_resource, with_slash
from simulators.p21.state import State
from simulators.wire import Request

PREFIX = "/api/inventory/parts"
_MEMBERS = {
    "ItemId": "item_id", "ItemDesc": "item_desc", "ExtendedDesc": "extended_desc", "ShortCode": "short_code",
    "Price1": "price1", "DefaultSellingUnit": "default_selling_unit", "BaseUnit": "base_unit",
    "InvMastUid": "inv_mast_uid", "OtherChargeItem": "other_charge_item", "Delete": "delete_flag",
}  # fmt: skip


class InventoryParts:
    """Answers /api/inventory/parts/{item}."""

    def __init__(self, state: State) -> None:
        self._state = state

    def answer(self, request: Request) -> Answer:
        """One item; an id with a slash cannot be asked for."""
        rest = request.path.removeprefix(PREFIX)
        if not rest:
            return with_slash(request)
        key = unquote(rest.strip("/"))
        if request.method != "GET":
            return Answer(status=405)
        if key == "ping":
            return Answer({"ResponseMessage": "success"})
        row = self._state["inv_mast"].one(item_id=key)
        if row is None:
            return no_resource(f"GetById {key}", self._state.now())
        return Answer({name: row[column] for name, column in _MEMBERS.items()}, root="Part")
