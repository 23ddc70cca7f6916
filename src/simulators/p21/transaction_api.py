"""The Transaction API: stateless saves through a window; HTTP 200 does not mean success (P21 facts §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from simulators.p21 import orders, receipts
from simulators.p21.answers import Answer
from simulators.p21.entered import entered
from simulators.p21.refusals import Refused
from simulators.p21.saving import save
from simulators.p21.state import State
from simulators.p21.values import dump_json, parse_json, plain, text, whole
from simulators.p21.windows import Element, Window, windows
from simulators.wire import Request

PREFIX = "/uiserver0/api/v2/"
DIRTY = "Transaction 1:: Unexpected response window: Do you want to send an e-mail? Window class: w_email_response"
_RUNNING, _FINISHED = 3, 2


class TransactionApi:
    """Answers {uiserver}/api/v2/…."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.windows = windows(state.options.services)
        self._queued: dict[str, dict[str, Any]] = {}

    def answer(self, request: Request) -> Answer:
        """Services, definitions, saves; unknown services get an empty 500."""
        verb, _, name = request.path.removeprefix(PREFIX).strip("/").partition("/")
        if request.method == "GET" and verb == "services":
            return self._services(request.first("type"))
        if request.method == "GET" and verb in ("definition", "defaults", "basics"):
            return self._described(verb, unquote(name))
        if verb == "transaction" and name == "async" and request.method == "GET":
            return self._poll(request.first("id"))
        if request.method == "POST" and (verb, name) in _POSTS:
            body = _body(request)
            return _PROBLEM if body is None else _POSTS[verb, name](self, body)
        return Answer(status=404)

    def _services(self, kind: str) -> Answer:
        if kind not in ("", "window", "report"):
            return Answer({"Message": "Service Type is invalid."}, 400)
        kept = [] if kind == "report" else sorted(self.windows.values(), key=lambda window: window.service)
        listed = [{"Name": window.service, "Title": window.title, "Type": "Window"} for window in kept]
        return Answer(listed, root="ArrayOfServiceInfo", synthetic=True)

    def _described(self, verb: str, service: str) -> Answer:
        window = self.windows.get(service)
        if window is None:
            return Answer(status=500)
        template = _template(window)
        if verb != "definition":
            return Answer(template, root="TransactionSet", synthetic=window.synthetic)
        elements = [_element_shown(element) for element in window.elements.values()]
        value = {
            "Name": service, "Template": {"TransactionSet": template},
            "TransactionDefinition": {"KeyDefinitions": [], "DataElementDefinitions": elements},
        }  # fmt: skip
        return Answer(value, root="ServiceDefinition", synthetic=window.synthetic)

    def post(self, body: Mapping[str, Any]) -> Answer:
        """Save every transaction of a set, each by itself."""
        window = self.windows.get(text(body.get("Name")))
        if window is None or any(one.get("Status") == "Existing" for one in body["Transactions"]):
            return Answer(status=500)
        messages, done = [], []
        for place, one in enumerate(body["Transactions"], 1):
            try:
                done.append(self._saved(window, body, one))
            except Refused as refusal:
                messages.append(f"Transaction {place}:: {refusal.message}")
                done.append({"Status": "Failed", "DataElements": []})
        return _result(window, body, messages, done)

    def _saved(self, window: Window, body: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
        elements = one.get("DataElements") or []
        typed = entered(window, elements, body.get("UseCodeValues") is True, body.get("IgnoreDisabled") is True)
        made = save(window.meaning, self._state, typed)
        return {"Status": "Passed", "DataElements": _echo(window, elements, made)}

    def _get_state(self, body: Mapping[str, Any]) -> Answer:
        wanted = (body.get("TransactionStates") or [{}])[0]
        keys = {text(key.get("Name")): text(key.get("Value")) for key in wanted.get("Keys") or ()}
        order = self._state["oe_hdr"].one(order_no=keys.get("order_no", ""))
        if body.get("ServiceName") != "Order" or order is None:
            return Answer({"Name": body.get("ServiceName"), "Transactions": []}, root="TransactionSet", synthetic=True)
        elements = [{"Name": "TABPAGE_1.order", "Type": "Form", "Rows": [_row(_header_edits(order))]}, {
            "Name": "TP_ITEMS.items", "Type": "List",
            "Rows": [_row(_item_edits(row)) for row in orders.lines_of(self._state, order["order_no"])],
        }]  # fmt: skip
        return Answer(
            {"Name": "Order", "Transactions": [{"Status": "Existing", "DataElements": elements}]}, root="TransactionSet"
        )

    def _queue(self, body: Mapping[str, Any]) -> Answer:
        running = sum(1 for one in self._queued.values() if one["Status"] == _RUNNING)
        if running >= self._state.options.async_capacity:
            return Answer({"Message": "The asynchronous queue is full."}, 503, synthetic=True)
        number = f"00000000-0000-4000-8000-{self._state.next('async'):012d}"
        entry = self._queued[number] = {
            "RequestId": number, "RequestType": "V2 Transaction", "Key": "N/A", "StartDate": self._state.stamp(),
            "CompletedDate": None, "Status": _RUNNING, "CallbackResult": None, "Messages": None,
        }  # fmt: skip
        self._state.later(self._state.options.async_seconds, lambda: self._finish(entry, body))
        return Answer(dict(entry), 202 if self._state.options.build == "25.2" else 200)

    def _finish(self, entry: dict[str, Any], body: Mapping[str, Any]) -> None:
        answer = self.post(body)
        said = dump_json(answer.value).decode() if answer.status == 200 else "Unknown service"
        entry |= {"Status": _FINISHED, "CompletedDate": self._state.stamp(), "Messages": said}

    def _poll(self, number: str) -> Answer:
        entry = self._queued.get(number)
        return Answer(status=404) if entry is None else Answer(dict(entry))

    def _commands(self, body: Mapping[str, Any]) -> Answer:
        requests = body.get("Requests") or []
        service = next((one["Args"].get("ServiceName") for one in requests if one.get("Action") == 0), None)
        typed = {
            text(one.get("FieldName")): one.get("Value")
            for request in requests if request.get("Action") == 2 for one in request["Args"].get("List") or ()
        }  # fmt: skip
        if service != "ReverseARPayment":
            return Answer(status=500)
        try:
            receipts.reverse(self._state, whole(typed.get("payment_number"), "payment_number"))
        except Refused as refusal:
            result = {"WindowId": "w1", "Status": 2, "Events": [], "Messages": [refusal.message]}
            return Answer({"Status": 2, "Results": [{"Result": result, "Data": None}]}, synthetic=True)
        result = {"WindowId": "w1", "Status": 1, "Events": [{"Name": "savesucceeded"}], "Messages": []}
        return Answer({"Status": 1, "Results": [{"Result": result, "Data": None}]}, synthetic=True)


_POSTS = {
    ("transaction", ""): TransactionApi.post,
    ("transaction", "get"): TransactionApi._get_state,
    ("transaction", "async"): TransactionApi._queue,
    ("transaction", "async/callback"): TransactionApi._queue,
    ("commands", ""): TransactionApi._commands,
}
_PROBLEM = Answer(
    {"type": "about:blank", "title": "One or more validation errors occurred.", "status": 400,
     "errors": {"content": ["The content field is required."]}}, 400, headers={"content-type": "application/problem+json"},
)  # fmt: skip


def _body(request: Request) -> Mapping[str, Any] | None:
    try:
        body = parse_json(request.body)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    if "Content" in body:
        body = body["Content"]
    sets = request.path.endswith(("/transaction", "/async", "/callback"))
    return None if sets and not isinstance(body.get("Transactions"), list) else body


def _result(window: Window, body: Mapping[str, Any], messages: list[str], done: list[dict[str, Any]]) -> Answer:
    failed = sum(1 for one in done if one["Status"] == "Failed")
    results = {
        "Name": window.service, "UseCodeValues": body.get("UseCodeValues") is True,
        "IgnoreDisabled": body.get("IgnoreDisabled") is True, "TransactionSplitMethod": 0, "Transactions": done,
    }  # fmt: skip
    summary = {"Succeeded": len(done) - failed, "Failed": failed, "Other": 0}
    value = {"Messages": messages, "Results": None if failed == len(done) else results, "Summary": summary}
    return Answer(value, root="TransactionSetResult", synthetic=window.synthetic)


def _echo(window: Window, elements: Sequence[Mapping[str, Any]], made: Mapping[str, str]) -> list[dict[str, Any]]:
    """The sent elements with the generated keys: each in the first element that has such a column."""
    names = {field.meaning: field.name for element in window.elements.values() for field in element.fields.values()}
    left, echoed = dict(made), []
    for sent in elements:
        fields = {field.meaning for field in window.elements[text(sent.get("Name"))].fields.values()}
        own = {name: left.pop(name) for name in list(left) if name in fields and sent is elements[0]}
        rows = [
            _row({text(edit["Name"]): text(edit.get("Value")) for edit in row.get("Edits") or ()})
            for row in sent["Rows"]
        ]
        if own and rows:
            rows[0]["Edits"][:0] = [{"Name": names[name], "Value": value} for name, value in own.items()]
        echoed.append({"Name": sent.get("Name"), "Type": sent.get("Type"), "Rows": rows})
    for element in window.elements.values():
        extra = {name: left.pop(name) for name in list(left) if name in element.fields}
        if extra:
            echoed.append({"Name": element.name, "Type": element.kind, "Rows": [_row(extra)]})
    return echoed


def _row(edits: Mapping[str, str]) -> dict[str, Any]:
    return {"Edits": [{"Name": name, "Value": value} for name, value in edits.items()], "RelativeDateEdits": []}


def _template(window: Window) -> dict[str, Any]:
    elements = [
        {"Name": element.name, "Type": element.kind, "Keys": list(element.keys),
         "Rows": [_row(dict.fromkeys(element.fields, ""))]} for element in window.elements.values()
    ]  # fmt: skip
    return {
        "Name": window.service, "UseCodeValues": False, "IgnoreDisabled": False, "TransactionSplitMethod": 0,
        "Transactions": [{"Status": "New", "Documents": None, "DataElements": elements}],
    }  # fmt: skip


def _element_shown(element: Element) -> dict[str, Any]:
    fields = [
        {"Name": field.name, "DbColumnName": field.meaning, "DataType": field.data_type, "Label": field.name,
         "Required": field.meaning == "company_id", "Enabled": not field.disabled,
         "ValidValues": ["ON", "OFF"] if field.checkbox else None}
        for field in element.fields.values()
    ]  # fmt: skip
    return {
        "Name": element.name, "DatawindowName": "d_" + element.name.rpartition(".")[2], "BusinessObjectName": None,
        "ParentText": "", "Type": element.kind, "KeyFields": list(element.keys), "FieldDefinitions": fields,
    }  # fmt: skip


def _header_edits(order: Mapping[str, Any]) -> dict[str, str]:
    names = ("order_no", "customer_id", "po_no", "job_name", "taker", "order_date", "requested_date")
    return {name: text(order[name]) for name in names}


def _item_edits(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "oe_order_item_id": row["item_id"], "unit_quantity": plain(row["unit_quantity"]),
        "unit_of_measure": row["unit_of_measure"], "unit_price": plain(row["unit_price"]),
        "extended_price": plain(row["extended_price"]), "user_line_no": text(row["user_line_no"]),
    }  # fmt: skip
