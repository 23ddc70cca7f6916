"""What P21 refuses before anything is written. P21's own words are always in the sentence."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import Area, Code

AREA = Area(
    "Refused by Prophet 21",
    (
        Code(
            "p21.refused.account",
            "An account is not in P21's chart, or may not be posted to.",
            "The account rules name a number that P21 does not have.",
            "Create or activate the account in P21, then replay; another number in the account rules counts for what is formed after it.",
        ),
        Code(
            "p21.refused.bank",
            "The bank account number is not accepted.",
            "bank_no of the connection is not an active bank account of the company.",
            "Correct bank_no and connect again, then replay.",
        ),
        Code(
            "p21.refused.branch",
            "The branch is not accepted.",
            "branch of the connection is not one of the company.",
            "Correct branch and connect again, then replay.",
        ),
        Code(
            "p21.refused.branch_unbalanced",
            "An entry does not balance within a branch.",
            "P21 wants each branch to balance by itself.",
            "Give the entry accounts of one branch, or post over an interbranch account, then replay.",
        ),
        Code(
            "p21.refused.closed_period",
            "The document's date lies in a closed period.",
            "The period was closed in P21.",
            "Open the period, or choose what closed_period of the ledger does, then replay.",
        ),
        Code(
            "p21.refused.company",
            "P21 does not find the company.",
            "company_id of the connection is wrong.",
            "Correct company_id and connect again, then replay.",
        ),
        Code(
            "p21.refused.credit_hold",
            "The customer is on credit hold.",
            "Credit control stopped order entry for this customer.",
            "Release the hold in P21, then replay.",
        ),
        Code(
            "p21.refused.customer",
            "The customer is not accepted.",
            "It is inactive, or not of this company.",
            "Activate the customer in P21 or correct its number, then replay.",
        ),
        Code(
            "p21.refused.dates",
            "The dates do not fit each other.",
            "The requested date lies before the order date.",
            "Correct the dates in the workflow, then replay.",
        ),
        Code(
            "p21.refused.exists",
            "P21 says that the record is there already.",
            "Another record holds the number or the name.",
            "Find the record that is in the way in P21; rename or delete it there, then replay.",
        ),
        Code(
            "p21.refused.invalid",
            "A value is not valid for P21.",
            "P21's words name it.",
            "Correct it in the workflow or where it comes from, then replay.",
        ),
        Code(
            "p21.refused.invoice",
            "The invoice is not accepted.",
            "It does not exist, is paid, or belongs to another customer.",
            "Look at the invoice in P21; correct the number, then replay.",
        ),
        Code(
            "p21.refused.item",
            "The item is not accepted.",
            "It is not in P21, is inactive, or is not stocked at the location.",
            "Create or activate the item, or map another one, then replay.",
        ),
        Code(
            "p21.refused.journal",
            "The journal is not accepted.",
            "journal_id of the connection is not a journal of P21.",
            "Correct journal_id and connect again, then replay.",
        ),
        Code(
            "p21.refused.over_payment",
            "The payment is more than what is open.",
            "The invoice was paid in part by other means.",
            "See what is open in P21; take off what was applied by mistake, or allow overpayments, then replay.",
        ),
        Code(
            "p21.refused.payment_type",
            "The payment type is not accepted.",
            "payment_type_id of the connection is not one of this company.",
            "Correct it and connect again, then replay.",
        ),
        Code(
            "p21.refused.permission",
            "The API user may not use that window.",
            "A permission in P21 is missing.",
            "Give it, then replay.",
        ),
        Code(
            "p21.refused.po_required",
            "The customer requires a purchase order number.",
            "Nothing fed one.",
            "Put po_number into the payment's metadata, or lift the requirement in P21, then replay.",
        ),
        Code(
            "p21.refused.quantity",
            "A quantity is not accepted.",
            "It is not above zero, or not a multiple that the item is sold in.",
            "Correct the quantity where it comes from, then replay.",
        ),
        Code(
            "p21.refused.required",
            "A field that P21 requires is empty.",
            "Nothing feeds it.",
            "Feed the field in the workflow or in the connection, then replay.",
        ),
        Code(
            "p21.refused.rule",
            "P21 refused it by a rule of its own.",
            "P21's words follow in the sentence.",
            "Correct it in P21 or in the workflow, then replay.",
        ),
        Code(
            "p21.refused.salesrep",
            "The sales representative is not accepted.",
            "salesrep is not active in P21.",
            "Correct salesrep in the connection or the workflow, then replay.",
        ),
        Code(
            "p21.refused.ship_to",
            "The ship-to is not accepted.",
            "The customer has no active ship-to.",
            "Give the customer one in P21, then replay.",
        ),
        Code(
            "p21.refused.state",
            "The record is not in a state that allows it.",
            "It was invoiced, returned or closed meanwhile.",
            "Look at the record in P21 and undo there what P21's words name, then replay.",
        ),
        Code(
            "p21.refused.tax_jurisdiction",
            "P21 cannot tell where the goods are taxed.",
            "The location or the ship-to state is missing.",
            "Set source_location_id in the connection, and a ship-to state, then replay.",
        ),
        Code(
            "p21.refused.terms",
            "The terms are not accepted.",
            "They do not exist in P21.",
            "Correct terms in the connection or the workflow, then replay.",
        ),
        Code(
            "p21.refused.too_long",
            "A text is longer than P21 keeps.",
            "P21's own column is shorter than is known.",
            "Shorten it where it comes from, then replay.",
        ),
        Code(
            "p21.refused.unbalanced",
            "The entry does not balance.",
            "Debits and credits differ as P21 counts them.",
            "Correct the amounts, then replay.",
        ),
        Code(
            "p21.refused.unit_of_measure",
            "The unit is not accepted for the item.",
            "The item is not sold in it.",
            "Add the unit to the item in P21, or correct its mapping, then replay.",
        ),
        Code(
            "p21.refused.window",
            "The window does not take a field.",
            "A rule of the site (DynaChange) has disabled or renamed it.",
            "Let an administrator enable it for the API user, or change the field's name in the connection, then replay.",
        ),
    ),
)
