"""One login to the P21 middleware: a token in memory, renewed by one thread for all, and calls that carry it.

P21 facts §1, reliability C8 to C10. A read may be repeated once after a 401; a write never is.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tieout.connectors._json import NotWhole
from tieout.connectors._wire import Broken, NotReached, Rate, Reply, Wire
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import WEB_PAGE, json_of, kind_of, outline, to_json, whole_of, xml_value
from tieout.connectors.p21.settings import P21Settings, checked_secret
from tieout.kernel.clock import Clock
from tieout.kernel.failures import Failed, Fix, Retry

TOKEN_PATH = "/api/security/token/v2"
ROUTER_PATH = "/api/ui/router/v1/"
RENEW_BEFORE_SECONDS = 300.0
LIFE_SECONDS_DEFAULT = 3600
JSON_HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}
Query = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    renew_at: float


class Session:
    """Calls one P21 host. ``read`` raises Failed; ``write`` raises NotReached, Broken, or Failed before it sends."""

    def __init__(
        self,
        settings: P21Settings,
        secrets: Mapping[str, str],
        transport: httpx2.BaseTransport | None,
        clock: Clock,
    ) -> None:
        self.settings, self._secrets, self._clock = settings, secrets, clock
        self.host = urlsplit(settings.base_url).netloc
        self._wire = Wire(
            settings.base_url,
            rate=Rate(settings.calls_per_second),
            transport=transport,
            read_seconds=settings.read_seconds,
            ca_file=settings.ca_file,
        )
        self._token: _Token | None = None
        self._ui_path = settings.ui_path
        self._lock = threading.Lock()

    def read(self, what: str, path: str, query: Query = ()) -> Reply:
        """GET; answers of 200, 400, 404, 405 and 500 come back, all else is Failed. ``what`` is named in sentences."""
        token = self.token()
        reply = self._get(token, path, query)
        if reply.status == 401:
            reply = self._get(self.token(instead_of=token), path, query)
        return self._acceptable(what, reply)

    def write(self, path: str, body: object) -> Reply:
        """POST once, whatever comes back."""
        token = self.token()
        headers = {**JSON_HEADERS, "Authorization": f"Bearer {token}"}
        reply = self._wire.call("p21.write", "POST", path, headers=headers, content=to_json(body))
        if reply.status == 401:
            self._forget(token)
        return reply

    def token(self, instead_of: str = "") -> str:
        """A token that lives; ``instead_of`` names one that was refused. Failed(Retry) when P21 gives none."""
        with self._lock:
            kept = self._token
            if kept is None or kept.text == instead_of or self._clock() >= kept.renew_at:
                kept = self._token = self._new_token()
            return kept.text

    def ui_path(self) -> str:
        """The path of the UI server on this host, from the router (P21 facts §1.4)."""
        if not self._ui_path:
            self._ui_path = self._routed()
        return self._ui_path

    def _routed(self) -> str:
        reply = self.read("the router", ROUTER_PATH, (("urlType", "external"),))
        if reply.status == 500:
            raise Failed(failures.failing("its router", reply))
        if reply.status != 200:
            raise Failed(failures.wrong_path("its router", ROUTER_PATH, reply))
        url = _named(reply, "Url")
        if not url:
            raise failures.cut_short("its router", reply, NotWhole("it names no address"))
        parts = urlsplit(url)
        if parts.netloc.lower() != self.host.lower() or not parts.path.strip("/"):
            raise Failed(self._elsewhere(parts.netloc or "no address"))
        return parts.path.rstrip("/")

    def _elsewhere(self, found: str) -> Fix:
        sentence = (
            f"P21's router sends to {found}, not to {self.host}; Tieout gives its token to no other host. Set ui_path to "
            "the path of the UI server on this host, such as /uiserver0."
        )
        return Fix("p21.router", sentence, field="ui_path", value=found)

    def _get(self, token: str, path: str, query: Query) -> Reply:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
        return self._called("p21.read", "GET", path, headers, query)

    def _acceptable(self, what: str, reply: Reply) -> Reply:
        if reply.status == 401:
            raise Failed(failures.still_unauthorized(what, reply))
        if reply.status == 403:
            raise Failed(failures.forbidden(what, reply))
        if reply.status == 429:
            raise Failed(failures.busy(reply))
        if reply.status > 500 or 300 <= reply.status < 400:
            raise Failed(failures.failing(what, reply))
        if reply.status == 200 and kind_of(reply) == WEB_PAGE:
            raise Failed(failures.web_page(what, reply))
        return reply

    def _new_token(self) -> _Token:
        reply = self._called("p21.token", "POST", TOKEN_PATH, JSON_HEADERS, (), to_json(self._credentials()))
        text = _named(reply, "AccessToken") if reply.status == 200 else ""
        if not text or " " in text or not text.isascii() or not text.isprintable():
            raise Failed(replace(self._no_token(reply), detail=outline(reply)))
        life = _named(reply, "ExpiresInSeconds") or _named(reply, "ExpiresIn")
        told = whole_of(life)
        seconds = LIFE_SECONDS_DEFAULT if told is None else told
        return _Token(text, self._clock() + seconds - min(RENEW_BEFORE_SECONDS, seconds / 2))

    def _no_token(self, reply: Reply) -> Retry:
        if reply.status in (400, 401, 403):
            return failures.refused_credentials(self._credential(), reply)
        if reply.status == 429 or reply.status >= 500:
            return failures.failing("the login", reply, everything=True)
        return failures.no_token(reply, self.settings.base_url + TOKEN_PATH)

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token is not None and self._token.text == token:
                self._token = None

    def _credentials(self) -> dict[str, str]:
        user = self.settings.username
        if self.settings.auth == "consumer_key":
            key = {"ClientSecret": checked_secret(self._secrets, "client_secret"), "GrantType": "client_credentials"}
            return {**key, "username": user} if user else key
        return {"username": user, "password": checked_secret(self._secrets, "password")}

    def _credential(self) -> str:
        if self.settings.auth == "consumer_key":
            return f"consumer key (used for P21 user {self.settings.username!r})"
        return f"user name {self.settings.username!r} or its password"

    def _called(
        self, place: str, method: str, path: str, headers: Mapping[str, str], query: Query, body: bytes | None = None
    ) -> Reply:
        try:
            return self._wire.call(place, method, path, headers=headers, query=query, content=body)
        except NotReached as error:
            raise Failed(failures.not_reached(self.host, str(error))) from error
        except Broken as error:
            raise Failed(failures.broken(self.host, error)) from error


def _named(reply: Reply, name: str) -> str:
    """A member of a JSON object, or of an XML document where the server ignores Accept (P21 facts §1.1)."""
    try:
        body: Any = json_of(reply)
    except ValueError:
        return xml_value(reply.text, name)
    if not isinstance(body, dict):
        return ""
    value = body.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
