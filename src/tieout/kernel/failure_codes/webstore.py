"""The web store."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import AT_CONNECT, REFUSED, RETRIED, TOLD, Area, Code

AREA = Area(
    "The web store",
    (
        Code(
            "webstore.amount",
            "An amount of the store's order cannot be read.",
            "It is no number, or has more decimals than its currency.",
            "Correct the order in the store, then replay.",
        ),
        Code(
            "webstore.broken",
            "The store's answer did not arrive whole, or is not what such a store answers.",
            "A page of a proxy, a time-out or a fault in the store.",
            "Nothing at first; where it stays, open the address of the connection in a browser.",
            RETRIED,
        ),
        Code(
            "webstore.down",
            "The store has trouble of its own.",
            "It answered that it cannot answer.",
            "Look at the store's own state page.",
            RETRIED,
        ),
        Code(
            "webstore.field",
            "A field of the store's order is not where the connection says, or does not fit.",
            "The store's answer has another shape than the settings describe.",
            "Correct the field's path in the connection, or the order in the store, then replay.",
        ),
        Code(
            "webstore.interface",
            "The store does not speak the interface that is asked for.",
            "Its REST interface is switched off, or permalinks are not set.",
            "Switch it on in the store, then connect again or replay.",
            AT_CONNECT,
        ),
        Code(
            "webstore.kind",
            "There is no such kind of store.",
            "The name is mistyped.",
            "Use woocommerce or generic.",
            REFUSED,
        ),
        Code(
            "webstore.missing",
            "The store has no order of that number.",
            "The number in the payment's metadata is wrong, or the order was deleted.",
            "Correct ecommerceorderid in Stripe, then replay.",
        ),
        Code(
            "webstore.moved",
            "The store answered with another address.",
            "The address of the connection is not the store's own.",
            "Enter the address that it names in the connection, then replay.",
        ),
        Code(
            "webstore.note_refused",
            "A note of ours could not be written to the store's order; the order and its receipt in P21 were written all the same.",
            "The order was deleted in the store, or the key may not write it.",
            "Write the note there by hand, or leave it: nothing waits for it.",
            TOLD,
        ),
        Code(
            "webstore.rate",
            "The store asks for fewer calls.",
            "Too many callers share its limit.",
            "Nothing.",
            RETRIED,
        ),
        Code(
            "webstore.read_only",
            "The order number could not be noted in the store.",
            "The key may only read.",
            "Give the key write access, or remove the step from the workflow, then replay.",
        ),
        Code(
            "webstore.refused",
            "The store refused the call.",
            "Its own words follow in the sentence.",
            "Do what the store's words ask for, then replay.",
        ),
        Code(
            "webstore.secret",
            "A secret of the store's connection is missing or does not fit.",
            "It was not entered, or was copied in part.",
            "Enter it in the connection.",
            REFUSED,
        ),
        Code(
            "webstore.unauthorized",
            "The store does not accept the keys.",
            "They were revoked, or belong to another store.",
            "Make new ones with read access to orders and enter them in this connection.",
            RETRIED,
        ),
        Code(
            "webstore.unreachable",
            "The store cannot be reached.",
            "Its server, the network, DNS or a proxy.",
            "Open the address of the connection from this machine.",
            RETRIED,
        ),
        Code(
            "webstore.settings",
            "A setting of the store's connection does not fit.",
            "The sentence names the setting and the value.",
            "Correct it and connect again.",
            REFUSED,
        ),
    ),
)
