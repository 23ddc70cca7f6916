"""What Stripe says when it refuses: one exception, and the refusals several places need."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer that is an error; ``param`` and ``code`` stay out of the body when empty."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        param: str = "",
        kind: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param, self.kind = status, message, code, param, kind
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code:
            error |= {
                "code": self.code,
                "doc_url": f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}",
            }
        if self.param:
            error["param"] = self.param
        return {"error": error}


def missing(word: str, object_id: str, param: str = "id", status: int = 404) -> Refusal:
    """There is no such object: 404 when named by the path, 400 when named by a parameter."""
    return Refusal(status, f"No such {word}: '{object_id}'", code="resource_missing", param=param)


def unknown_path(method: str, path: str) -> Refusal:
    """Stripe has no such address."""
    return Refusal(404, f"Unrecognized request URL ({method}: {path}).")


def unknown_parameter(name: str) -> Refusal:
    """The call does not know this parameter."""
    return Refusal(400, f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def missing_parameter(name: str) -> Refusal:
    """The call needs this parameter."""
    return Refusal(400, f"Missing required param: {name}.", code="parameter_missing", param=name)


def invalid(name: str, message: str, code: str = "") -> Refusal:
    """The value of a parameter is none."""
    return Refusal(400, message, code=code, param=name)


def server_error(**headers: str) -> Refusal:
    """A 500; the official client is told not to retry by itself, as the outcome is unknown."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    message = "An unknown error occurred on Stripe's side."
    return Refusal(500, message, kind="api_error", headers={"Stripe-Should-Retry": "false", **named})
