"""What an order tells, and what of it can be written."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import ASKED, Area, Code

AREA = Area(
    "What was ordered",
    (
        Code(
            "order.quantity",
            "A line of the order has a quantity of 0 or less, and an amount.",
            "A metered line was corrected by hand, or the store keeps a line that was taken back.",
            "Give the line a quantity where it comes from, then replay; or enter the order in P21 by hand.",
        ),
        Code(
            "order.gift_card",
            "A part of the order was paid with a gift card, and nobody said which P21 item stands for gift cards.",
            "The workflow's gift_card_item is empty.",
            "Set gift_card_item in the workflow to an other-charge item of P21, publish it, then replay.",
        ),
        Code(
            "order.item",
            "A line of the order has no SKU, and no table says which P21 item it is.",
            "The product has no SKU in the store, or the line was typed in by hand there.",
            "Give the product a SKU in the store, or name its item with tieout tables set items, then replay.",
        ),
        Code(
            "break.order",
            "An order was cancelled or deleted in P21, and the money that was paid for it is kept.",
            "A clerk took the order back, and nobody gave the money back.",
            "Give the money back in Stripe; or enter the order again in P21 by hand, and accept the question: tieout resolve.",
            ASKED,
        ),
        Code(
            "customer.nameless",
            "The buyer has neither a name nor an e-mail address, so nobody would know a new customer again.",
            "The shop asks for neither, or the payment was made without a customer.",
            "Set house_account in the workflow to the P21 customer for such sales, or p21_customer_id in the payment's metadata; then "
            "replay.",
        ),
        Code(
            "original.before",
            "A refund, dispute or credit note belongs to a payment from before Tieout was connected.",
            "The sale was entered in P21 by other means, so Tieout has no record to set it against.",
            "Take it back in P21, on the order or invoice that was entered for it there. There is nothing to replay.",
        ),
        Code(
            "workflow.doubled",
            "A workflow was to be published that writes the same kinds of records for the same fact as one that is active.",
            "Both would write: every sale would stand twice in P21.",
            "Publish it with --instead-of and the other's name, or with --beside when their conditions exclude each other.",
            "Nothing was published.",
        ),
        Code(
            "run.unused",
            "Something that was told for an order was found and not used, or used otherwise than it was told.",
            "A key of the metadata is spelt otherwise, or something else told it first; a text was too long for P21.",
            "Look at the list with tieout show and the run; correct the record in P21 where it matters.",
            "The run went on; the list stays with it.",
        ),
    ),
)
