"""Tokens and the router (P21 facts §1): two expiry names, JSON or XML, sessions that pile up or kill each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from simulators.p21.answers import Answer, html_not_found, with_slash
from simulators.p21.state import State
from simulators.wire import Request

TOKEN, ROUTER = "/api/security/token", "/api/ui/router/v1"
_KEY_SECONDS = 630_720_000


class Login:
    """Gives tokens and says whether one is good."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._until: dict[str, float] = {}
        self.logins = 0

    def admits(self, request: Request) -> bool:
        """Whether the request carries a token that is alive by the world's clock."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and self._until.get(token.strip(), 0.0) > self._state.now()

    def expire_all(self) -> None:
        """Let every token die now."""
        self._until.clear()

    def token(self, request: Request) -> Answer:
        """POST /api/security/token[/][v2]."""
        if request.method != "POST":
            return Answer(status=405)
        if request.path.rstrip("/") == TOKEN + "/v2":
            return self._token_v2(request)
        if request.path.rstrip("/") != TOKEN:
            return html_not_found(request.path)
        user, password = request.headers.get("username", ""), request.headers.get("password", "")
        return self._for_user(request, user, password)

    def router(self, request: Request) -> Answer:
        """GET /api/ui/router/v1/: where the UI server is."""
        if not request.path.endswith("/"):
            return with_slash(request)
        base = f"http://{request.headers.get('host', 'p21.invalid')}"
        return self._written(request, {"Url": f"{base}/uiserver0"}, "UrlResponse")

    def _token_v2(self, request: Request) -> Answer:
        try:
            body = request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return _denied("invalid_request", "The request body could not be read.", 400)
        if "ClientSecret" in body:
            return self._for_key(request, body)
        return self._for_user(request, str(body.get("username", "")), str(body.get("password", "")))

    def _for_user(self, request: Request, user: str, password: str) -> Answer:
        options = self._state.options
        if user.lower() != options.username.lower() or password != options.password:
            return _denied("invalid_grant", "The user name or password is incorrect.")
        token = self._issue(options.token_seconds)
        value = {"AccessToken": token, "RefreshToken": f"refresh-{token}", "ExpiresInSeconds": options.token_seconds,
                 "TokenType": "Bearer"}  # fmt: skip
        return self._written(request, value, "TokenResponse")

    def _for_key(self, request: Request, body: Mapping[str, Any]) -> Answer:
        if (
            body.get("ClientSecret") != self._state.options.client_secret
            or body.get("GrantType") != "client_credentials"
        ):
            return _denied("invalid_client", "The consumer key is not valid.")
        value = {
            "AccessToken": self._issue(_KEY_SECONDS), "TokenType": "Bearer", "UserName": body.get("username", ""),
            "ExpiresIn": _KEY_SECONDS, "RefreshToken": "", "Scope": "/api;/p21sdk", "SessionId": f"s{self.logins}",
            "ConsumerUid": 1, "AppKey": None,
        }  # fmt: skip
        return self._written(request, value, "TokenResponse")

    def _issue(self, seconds: float) -> str:
        if self._state.options.single_session:
            self._until.clear()
        self.logins += 1
        token = f"sim.{self.logins}.{self._state.world.dice(f'token {self.logins}').getrandbits(96):024x}"
        self._until[token] = self._state.now() + seconds
        return token

    def _written(self, request: Request, value: Mapping[str, Any], root: str) -> Answer:
        if "json" in request.headers.get("accept", "") and self._state.options.token_format == "json":
            return Answer(value, root=root)
        inside = "".join(f"<{name}>{escape(str(each))}</{name}>" for name, each in value.items() if each is not None)
        page = f'<{root} xmlns="http://schemas.datacontract.org/2004/07/P21.Soa">{inside}</{root}>'
        return Answer(page=page, headers={"content-type": "application/xml; charset=utf-8"})


def _denied(error: str, description: str, status: int = 401) -> Answer:
    return Answer({"error": error, "error_description": description}, status)
