"""What a surface answers before it is written as JSON or XML, and the error envelopes of the REST families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from simulators.p21.refusals import NOT_FOUND
from simulators.p21.values import dump_json, plain
from simulators.wire import Request, Response

SYNTHETIC = "X-Sim-Synthetic"
_EMPTY = object()
_NAMESPACE = "http://schemas.datacontract.org/2004/07/P21.Soa.Sim"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: ``value`` is what JSON can say (with Decimals), or nothing; ``page`` is HTML instead of it."""

    value: object = _EMPTY
    status: int = 200
    root: str = "Result"
    page: str = ""
    synthetic: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def written(self, xml: bool) -> Response:
        """The answer as bytes."""
        headers = {**self.headers, SYNTHETIC: "1"} if self.synthetic else dict(self.headers)
        if self.page:
            return Response(self.status, self.page.encode(), {"content-type": "text/html; charset=utf-8", **headers})
        if self.value is _EMPTY:
            return Response(self.status, b"", headers)
        if xml:
            body = to_xml(self.root, self.value, f' xmlns="{_NAMESPACE}"').encode()
            return Response(self.status, body, {"content-type": "application/xml; charset=utf-8", **headers})
        return Response(
            self.status, dump_json(self.value), {"content-type": "application/json; charset=utf-8", **headers}
        )


def to_xml(name: str, value: object, attributes: str = "") -> str:
    """A value the way a DataContract serializer would roughly write it."""
    if value is None:
        return f'<{name} i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/>'
    if isinstance(value, Mapping):
        inside = "".join(to_xml(str(key).replace("@", "").replace("$", ""), each) for key, each in value.items())
    elif isinstance(value, list | tuple):
        inside = "".join(to_xml(name.removeprefix("ArrayOf") if name != "list" else "Entry", each) for each in value)
    elif isinstance(value, bool):
        inside = str(value).lower()
    else:
        inside = plain(value) if isinstance(value, Decimal) else escape(str(value))
    return f"<{name}{attributes}>{inside}</{name}>"


def html_not_found(path: str) -> Answer:
    """The page a wrong REST path gets: HTML, whatever was asked for (P21 facts §1.5)."""
    page = f"<!DOCTYPE html><html><head><title>Service</title></head><body><p>Endpoint not found: {escape(path)}</p></body></html>"
    return Answer(status=404, page=page)


def login_page(status: int = 200) -> Answer:
    """The page of a proxy or of IIS that somebody put in front."""
    return Answer(status=status, page="<!DOCTYPE html><html><body><form action='/login'>Sign in</form></body></html>")


def with_slash(request: Request) -> Answer:
    """The redirect that keeps the method, for a path without its closing slash."""
    pairs = [(name, value) for name, values in request.query.items() for value in values]
    target = request.path + "/" + (f"?{urlencode(pairs)}" if pairs else "")
    return Answer(status=307, headers={"location": target})


def envelope(message: str, error_type: str, now: float, status: int = 500, synthetic: bool = False) -> Answer:
    """The error body of every REST family (P21 facts §2.5)."""
    value = {
        "DateTimeStamp": f"/Date({int(now * 1000)})/", "ErrorMessage": message, "ErrorType": error_type,
        "HostName": "SIMP21", "InnerException": None, "LogId": f"{int(now * 1000):x}", "StackTrace": "", "UserId": "tieout",
    }  # fmt: skip
    return Answer(value, status, "ErrorResponse", synthetic=synthetic)


def no_resource(query: str, now: float) -> Answer:
    """The 404 of a key that does not exist."""
    message = f'Your query did not yield any results. No resources found for query string "{query}".'
    return envelope(message, NOT_FOUND, now, 404)
