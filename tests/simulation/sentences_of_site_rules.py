"""What a site's own rules refuse, and what is done about it: each is a row that P21 will not add until a person mends it."""

from __future__ import annotations

from simulators.p21.site_rules import SiteRule
from tests.simulation.obeying import (
    BUYER,
    GATEWAY,
    REST,
    WINDOW,
    Act,
    Asked,
    World,
    a_buyer,
    both,
    connect,
    feeds,
    in_p21,
    known,
    lines_of,
    says,
    sells,
)
from tests.simulation.steps import BILLING, ONE_LINE, WIDGET, pay_for


def rules(table: str, column: str, words: str, test: str = "", detail: object = None) -> Act:
    """An administrator of P21 makes a rule."""
    return lambda world: world.p21_tenant.make_rule(SiteRule(table, column, words, test, detail))


def lifted(world: World) -> None:
    """An administrator of P21 takes the rule away."""
    world.p21_tenant.lift_rules()


def in_no_state(world: World) -> None:
    order = world.web_store.add_order([WIDGET], billing={**BILLING, "state": "XX"})
    pay_for(world, order, 2500)


def has_state(world: World) -> None:
    """A person corrects the address of the order, in the store."""
    (order,) = world.web_store.orders().values()
    for side in ("billing", "shipping"):
        order[side] = {**order[side], "state": "OR"}


def of_customer(name: str) -> Act:
    """Buyers with that number are not accepted any more."""
    return lambda world: rules("oe_hdr", "customer_id", "Customer ID {value} is not valid.", "is", known(name)(world))(
        world
    )


def buys(po_number: str) -> Act:
    return lines_of(ONE_LINE, po_number=po_number)


SITE_RULES = (
    Asked(
        "p21.refused.salesrep",
        both(
            rules("customer", "salesrep_id", "Salesrep ID {value} is not valid.", "is", "999"),
            connect(salesrep="999"),
            sells,
        ),
        "Set salesrep of the connection to an active one",
        connect(salesrep="812"),
    ),
    Asked(
        "p21.refused.branch",
        both(
            rules("ship_to", "default_branch", "Branch ID {value} is not valid.", "is", "99"),
            connect(branch="99"),
            sells,
        ),
        "Set branch in the connection to a branch of this company",
        connect(branch="01"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.refused.exists",
        both(
            lambda world: world.p21_tenant.add_customer("Ada Byron", ("other@example.org",), place="OR"),
            rules("customer", "customer_name", "A customer {value} already exists.", "taken"),
            sells,
        ),
        "rename or delete it there",
        in_p21("customer", {"customer_name": "Ada Byron (Ohio)"}, customer_name="Ada Byron"),
    ),
    Asked(
        "p21.refused.invalid",
        both(rules("oe_hdr", "po_no", "{value} is not valid.", "is", "BAD"), buys(po_number="BAD")),
        "Correct the value where it comes from",
        says(po_number="PO 1"),
    ),
    Asked(
        "p21.refused.permission",
        both(rules("oe_hdr", "customer_id", "Order Entry is not available or user does not have permission."), sells),
        "Give the API user permission to open that window in P21",
        lifted,
    ),
    Asked(
        "p21.refused.required",
        both(
            rules("oe_hdr", "job_name", "'Job Name' is a required column.", "empty"),
            connect(reference_fields={"order": "po_no"}),
            feeds("write_order", po_no="null"),
            sells,
        ),
        "feed it in the workflow",
        feeds("write_order", po_no="null", job_name="'Web'"),
    ),
    Asked(
        "p21.refused.rule",
        both(
            rules("oe_hdr", "po_no", "{value}: this department orders no more this year.", "is", "LAB"),
            buys(po_number="LAB"),
        ),
        "Do what P21's words ask for",
        says(po_number="PO 1"),
        (REST, GATEWAY),
    ),
    Asked(
        "p21.refused.state",
        both(rules("oe_hdr", "customer_id", "You cannot add to an order that is fully invoiced"), sells),
        "undo there what P21's words name",
        lifted,
    ),
    Asked(
        "p21.refused.tax_jurisdiction",
        both(
            rules("oe_hdr", "ship2_state", "The tax jurisdiction of {value} cannot be found.", "is", "XX"), in_no_state
        ),
        "a ship-to state",
        has_state,
    ),
    Asked(
        "p21.refused.tax_jurisdiction",
        both(rules("oe_hdr", "source_location_id", "The jurisdiction ID cannot be found.", "is", 10), sells),
        "set source_location_id in the connection",
        connect(source_location_id=20),
        (REST, WINDOW),
    ),
    Asked(
        "p21.refused.too_long",
        both(rules("oe_hdr", "po_no", "{value} is too long.", "longer", 8), buys(po_number="PO 2025/4711")),
        "Shorten it where it comes from",
        says(po_number="PO 4711"),
    ),
    Asked(
        "p21.refused.window",
        both(rules("oe_hdr", "po_no", "General Exception: Column is disabled: po_no"), buys(po_number="PO 1")),
        "let an administrator enable it for the API user",
        lifted,
    ),
    Asked(
        "p21.refused.customer",
        both(
            of_customer("Ginkgo Controls"),
            lambda world: lines_of(ONE_LINE, p21_customer_id=known("Ginkgo Controls")(world))(world),
        ),
        "Correct the customer number",
        lambda world: says(p21_customer_id=str(world.p21_tenant.add_customer(BUYER, place="OR")))(world),
    ),
    Asked(
        "p21.refused.customer",
        both(rules("oe_hdr", "customer_id", "Customer ID {value} is inactive."), a_buyer()),
        "activate the customer in P21",
        lifted,
    ),
)
