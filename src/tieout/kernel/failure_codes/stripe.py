"""Stripe."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import REFUSED, RETRIED, TOLD, Area, Code

ENDPOINT = (
    "Events that Stripe does not deliver are found when Tieout reads Stripe's list; they come later than they could."
)

AREA = Area(
    "Stripe",
    (
        Code(
            "stripe.note_refused",
            "A note of ours could not be written to Stripe; the order and its receipt were written all the same.",
            "The object was deleted, its metadata is full, or the key may not write it.",
            "Write the note there by hand, or leave it: nothing waits for it.",
            TOLD,
        ),
        Code(
            "stripe.account",
            "The key belongs to another Stripe account than the connection.",
            "Keys of several accounts were mixed up.",
            "Enter a key of the account that the sentence names, or make a connection of its own for the other.",
            REFUSED,
        ),
        Code(
            "stripe.body",
            "The kept body of an event is not an event.",
            "A fault of ours: a body is looked at before it is kept.",
            "Report it with the event's id.",
        ),
        Code(
            "stripe.broken",
            "Stripe's answer did not arrive whole, or is not what Stripe sends.",
            "The connection broke, or a proxy answered.",
            "Nothing at first; where it stays, look at what stands between this machine and Stripe.",
            RETRIED,
        ),
        Code(
            "stripe.endless",
            "A list of Stripe does not end.",
            "It repeats itself, or is longer than any account's.",
            "Report it.",
        ),
        Code(
            "stripe.endpoint",
            "Stripe made a webhook endpoint and did not tell its secret.",
            "Its answer has another shape than it should have.",
            "Report it; meanwhile make the endpoint in the dashboard and enter its signing secret.",
            REFUSED,
        ),
        Code(
            "stripe.endpoint_missing",
            "Stripe has no webhook endpoint for the address.",
            "It was never made, or was deleted.",
            "Connect again with --webhook-url, or add it under Developers, Webhooks.",
            ENDPOINT,
        ),
        Code(
            "stripe.endpoint_off",
            "The webhook endpoint is switched off.",
            "Stripe switches it off when it fails for days, or a person did.",
            "Switch it on under Developers, Webhooks.",
            ENDPOINT,
        ),
        Code(
            "stripe.endpoint_version",
            "The webhook endpoint sends events in another version of Stripe's API.",
            "It was made in the dashboard, or by an older Tieout.",
            "Make it anew in the version that the sentence names.",
            "Events are read all the same.",
        ),
        Code(
            "stripe.endpoint_events",
            "The webhook endpoint does not send all event types that are needed.",
            "They were left out when it was made, or a newer Tieout listens to more.",
            "Add the types that the sentence names to the endpoint.",
            ENDPOINT,
        ),
        Code(
            "stripe.endpoint_exists",
            "Stripe has a webhook endpoint for that address already.",
            "It was made before; Stripe shows its secret only once.",
            "Enter the secret you have, roll it in the dashboard, or delete the endpoint and connect again.",
            REFUSED,
        ),
        Code(
            "stripe.id",
            "A value is not the id of a Stripe object of that kind.",
            "The workflow takes it from another field, or it was mistyped in the metadata.",
            "Correct where it comes from, then replay.",
        ),
        Code(
            "stripe.key",
            "The key does not fit the connection.",
            "It is missing, is no Stripe key, may do more than it should, or is of the other mode.",
            "Make a restricted key of the right mode and enter it.",
            REFUSED,
        ),
        Code(
            "stripe.locked",
            "Another call is changing the same Stripe object.",
            "Two programs write to it at once.",
            "Nothing.",
            RETRIED,
        ),
        Code(
            "stripe.metadata",
            "Metadata cannot be read, or cannot be written.",
            "A key or a value is not of the form that the reference describes, or is longer than Stripe keeps.",
            "Correct it in Stripe or in the workflow, then replay.",
        ),
        Code(
            "stripe.missing",
            "Stripe has no such object in this account and mode.",
            "It was deleted, or belongs to another account or to the other mode.",
            "Check the id, then replay.",
        ),
        Code(
            "stripe.moving",
            "Stripe's balance changed while it was read.",
            "Payments came in meanwhile.",
            "Nothing; or do it at a quieter time.",
            RETRIED,
        ),
        Code(
            "stripe.permission",
            "The key may not do what is needed.",
            "A permission of the restricted key is missing; the sentence names it.",
            "Add the permission to the key in the dashboard. Where a run is parked, replay it.",
            RETRIED,
        ),
        Code(
            "stripe.rate",
            "Stripe asks for fewer calls a second.",
            "Several programs share the account's limit.",
            "Nothing.",
            RETRIED,
        ),
        Code(
            "stripe.refused",
            "Stripe refused the call.",
            "Stripe's own words follow in the sentence.",
            "Do what they ask for, then replay.",
        ),
        Code(
            "stripe.request",
            "Stripe says that our request is malformed.",
            "A fault of ours.",
            "Report it.",
        ),
        Code(
            "stripe.reused",
            "A write was sent with other values less than 24 hours ago, and Stripe keeps to the first.",
            "The mapping was changed between two tries.",
            "Look at the object in Stripe. Replay a day later, or with the first values.",
        ),
        Code(
            "stripe.settings",
            "A setting of the Stripe connection does not fit.",
            "The sentence names the setting and the value.",
            "Correct it and connect again.",
            REFUSED,
        ),
        Code(
            "stripe.shape",
            "An amount of a Stripe object is not a whole number of minor units.",
            "Stripe's answer has another shape than Stripe's own description.",
            "Report it with the object's id. Nothing was guessed.",
        ),
        Code(
            "stripe.signing_secret",
            "The signing secret of the webhook endpoint is missing or does not fit.",
            "It was copied in part, or is another kind of key.",
            "Copy it from the endpoint's page under Developers, Webhooks (it begins with whsec_).",
            REFUSED,
        ),
        Code(
            "stripe.trouble",
            "Stripe has trouble of its own.",
            "It answered with a status of 500 or more.",
            "See Stripe's status page.",
            RETRIED,
        ),
        Code(
            "stripe.unauthorized",
            "Stripe does not accept the key.",
            "It is mistyped, or was revoked, rolled or has expired.",
            "Make a new restricted key and enter it in this connection.",
            "The connection pauses with one alert. Work goes on by itself when the key is accepted. Nothing is lost.",
        ),
        Code(
            "stripe.unreachable",
            "Stripe cannot be reached from this machine.",
            "The network, DNS, a proxy, or Stripe itself.",
            "Check them and Stripe's status page.",
            RETRIED,
        ),
    ),
)
