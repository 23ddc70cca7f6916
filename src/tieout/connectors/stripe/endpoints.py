"""Tieout's own webhook endpoint at Stripe: registered once, and checked (M15; B1, B3)."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.connectors._connector import Finding
from tieout.connectors.stripe._calls import Calls
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.failures import UNANSWERED, failure_of
from tieout.connectors.stripe.settings import API_VERSION
from tieout.kernel.failures import Defect, Failed, Fix

ALL = "*"


def create_endpoint(reading: Calls, writing: Calls, url: str, event_types: Sequence[str]) -> tuple[str, str]:
    """Register ``url`` with our API version; answers its id and its signing secret, which Stripe shows only now.

    Failed(Fix) when it is there already or when the key lacks ``rak_webhook_write``.
    """
    if existing := _find(reading, url):
        raise Failed(_there_already(existing, url))
    params = {
        "url": url,
        "enabled_events": list(event_types) or [ALL],
        "api_version": API_VERSION,
        "description": "Tieout",
    }
    try:
        made = writing.post("webhook_endpoints", params)
    except UNANSWERED as error:
        raise Failed(failure_of(error, writing.call_of("webhook_endpoints", write=True))) from error
    if made.id and made.text("secret"):
        return made.id, made.text("secret")
    sentence = "Stripe made a webhook endpoint without telling its signing secret. Roll the secret in the dashboard."
    raise Failed(Defect("stripe.endpoint", sentence, detail=made.id))


def check_endpoint(reading: Calls, url: str, event_types: Sequence[str]) -> tuple[Finding, ...]:
    """Whether the endpoint is there, switched on, of our API version, and sends the events Tieout needs."""
    endpoint = _find(reading, url)
    if endpoint is None:
        return (Finding("Webhook endpoint", f"none for {url}", _fix("stripe.endpoint_missing", _register(url), url)),)
    return (_switched_on(endpoint), _pinned(endpoint), _complete(endpoint, event_types))


def _find(reading: Calls, url: str) -> StripeObject | None:
    return next((one for one in reading.every("webhook_endpoints") if one.text("url") == url), None)


def _switched_on(endpoint: StripeObject) -> Finding:
    status = endpoint.text("status")
    if status == "enabled":
        return Finding("Webhook endpoint", f"{endpoint.id} is switched on")
    sentence = (
        f"Stripe has switched the webhook endpoint {endpoint.id} off (after about nine days of failures it does so by "
        "itself). Switch it on under Developers, Webhooks, and resend there what was missed meanwhile."
    )
    return Finding("Webhook endpoint", f"{endpoint.id} is {status}", _fix("stripe.endpoint_off", sentence, endpoint.id))


def _pinned(endpoint: StripeObject) -> Finding:
    version = endpoint.text("api_version")
    if version == API_VERSION:
        return Finding("API version", version)
    sentence = (
        f"The webhook endpoint {endpoint.id} sends events in the version {version or 'of the account'}, Tieout is made "
        f"for {API_VERSION}. It reads older ones too, but make the endpoint anew in {API_VERSION} to be sure."
    )
    return Finding("API version", version or "the account's", _fix("stripe.endpoint_version", sentence, endpoint.id))


def _complete(endpoint: StripeObject, event_types: Sequence[str]) -> Finding:
    listed = endpoint.fields.get("enabled_events")
    sent = set(listed) if isinstance(listed, list) else set()
    missing = [] if ALL in sent else [name for name in event_types if name not in sent]
    if not missing:
        return Finding("Event types", "all that are needed")
    sentence = f"The webhook endpoint {endpoint.id} does not send {', '.join(missing)}. Add them under its event types."
    return Finding("Event types", f"{len(missing)} missing", _fix("stripe.endpoint_events", sentence, endpoint.id))


def _register(url: str) -> str:
    return f"Stripe has no webhook endpoint for {url}. Let Tieout register it, or add it under Developers, Webhooks."


def _there_already(endpoint: StripeObject, url: str) -> Fix:
    return _fix(
        "stripe.endpoint_exists",
        f"Stripe has a webhook endpoint for {url} already ({endpoint.id}) and shows its signing secret only when it is "
        "made. Enter the secret you have, roll it in the dashboard, or delete the endpoint and try again.",
        endpoint.id,
    )


def _fix(code: str, sentence: str, value: str) -> Fix:
    return Fix(code, sentence, field="webhook", value=value)
