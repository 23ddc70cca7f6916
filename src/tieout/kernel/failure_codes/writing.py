"""Writes to another system, and the workflow around them."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import RETRIED, TOLD, Area, Code

AREA = Area(
    "Writing records, and running a workflow",
    (
        Code(
            "write.conflict",
            "A record that another step or run wrote stands for the same order or payment, and it is not what is wanted now.",
            "The order was paid twice, two workflows write records for one thing, or the earlier run changed its way.",
            "Look at both runs with tieout show. Refund the second payment or enter it by hand. A parked other run is replayed first.",
        ),
        Code(
            "write.differs",
            "The record is in P21 with our reference, but a value in it is not what was sent.",
            "P21 or a rule of the site changed it, or a person did.",
            "Compare the two values that are named. Correct the record in P21, or cancel it there, then replay.",
        ),
        Code(
            "write.doubled",
            "Several records carry one reference.",
            "Somebody copied a record with its reference, or P21 kept one after it had said otherwise.",
            "Keep one, void the others in P21, then replay.",
        ),
        Code(
            "write.unanswered",
            "A record was sent several times and never appeared in P21.",
            "P21 takes it and does not keep it, or its answer never comes through.",
            "Find out in P21's own log why it is not kept, then replay.",
        ),
        Code(
            "write.unsettled",
            "A run wants to write another record than the one it has sent, whose fate is open or which stands in P21.",
            "A new version of the workflow goes another way than the version that sent it.",
            "Publish the workflow as it was and replay, or cancel the record in P21 that the sentence names, then replay.",
        ),
        Code(
            "write.cancelled",
            "A record that this run wrote is cancelled in P21.",
            "A person cancelled it while its run had not ended.",
            "Replay to have it written anew, under a reference of its own; or give the money back in Stripe, then replay.",
        ),
        Code(
            "write.predecessor",
            "An order that a receipt pays does not stand in P21 any more, and Tieout did not write it.",
            "A person cancelled or deleted it before the receipt was written.",
            "Name the order that it pays now where order_no comes from, then replay; or give the money back in Stripe.",
        ),
        Code(
            "write.replaced",
            "One record was cancelled in P21 and written anew very often.",
            "What is written is cancelled each time: by a rule of the site, or because the order is not wanted.",
            "Find out who cancels it. Enter it by hand, or give the money back in Stripe.",
        ),
        Code(
            "write.vanished",
            "A record that was written and read back is not in P21 any more, by its reference or its number.",
            "Somebody deleted it there, or P21's database was put back to an earlier day.",
            "Find out what became of it. Replay to have it written again.",
        ),
        Code(
            "mapping.invalid",
            "A value does not fit the field of the record.",
            "It is missing, too long, of another type, or the expression cannot be worked out.",
            "Correct the value where it comes from, or the expression in the workflow, then replay.",
        ),
        Code(
            "expression",
            "A condition or an expression of the workflow cannot be worked out for this payment.",
            "It meets a value that it was not written for.",
            "Correct the expression, publish the workflow, then replay.",
        ),
        Code(
            "loop.changed",
            "The list that a loop walks is not the one that it began with.",
            "The order was changed in the store or in Stripe while the run was parked.",
            "Put the list back as it was, or settle by hand what is written already, then replay.",
        ),
        Code(
            "node.*",
            "A step of the workflow got something that it cannot work with.",
            "The sentence names the step, the setting and the value.",
            "Correct the value in Stripe or in the store, or the setting in the workflow, then replay.",
        ),
        Code(
            "customer.ambiguous",
            "Several P21 customers may be this buyer, or the evidence contradicts itself.",
            "They share an e-mail address, or a number in the metadata names another customer.",
            "Put the right number into the Stripe metadata as p21_customer_id, then replay.",
        ),
        Code(
            "customer.gone",
            "The P21 customer that Stripe's metadata or a kept link names is not there, or is not active.",
            "It was deleted, merged or made inactive in P21, or the number is mistyped.",
            "Correct p21_customer_id in the Stripe metadata, or activate the customer in P21, then replay.",
        ),
        Code(
            "refund.not_delivered",
            "A refund takes back an order, or a part of one, that P21 has not invoiced.",
            "The goods have not left: what was never invoiced needs no credit memo, and must not be shipped.",
            "Cancel in P21 what the sentence names and take the money off its receipt, then replay. If it has left, invoice it and replay.",
        ),
        Code(
            "payment.bounced",
            "A payment for which an order or a receipt was written has failed since.",
            "A bank debit was returned days after it had counted as paid.",
            "Hold the order that is named if it has not left, and reverse the receipt in P21.",
            TOLD,
        ),
        Code(
            "refund.split",
            "A refund cannot be split over the lines of its order.",
            "It asks for more than is left of a line, or for a line that was not sold.",
            "Correct refund_lines in the refund's metadata, then replay.",
        ),
        Code(
            "original.waits",
            "This must wait for another run of the same payment.",
            "What it belongs to is being written, or is parked.",
            "Nothing while the other run is under way; where that one is parked, clear it first.",
            RETRIED,
        ),
        Code(
            "original.unseen",
            "The payment or invoice that this belongs to is not known yet.",
            "Its event comes later, or was never sent.",
            "Nothing at first; where it stays, look for the payment in Stripe and let Tieout catch up.",
            RETRIED,
        ),
        Code(
            "run.crashing",
            "The worker died several times in a row in one run.",
            "The machine ran out of memory, or this payment makes the worker die.",
            "Read the worker's log, report what it says, then replay.",
        ),
        Code(
            "tieout.defect",
            "Tieout met something that it was not built for.",
            "A fault of ours, or an answer that nobody has seen before.",
            "Report what the log says, then replay.",
        ),
    ),
)
