"""Customer matching, first part: evidence in order of trust, never a guess (M6, reliability F12)."""

from __future__ import annotations

import pytest

from tieout.domain.customers.match import (
    Candidate,
    Evidence,
    Matched,
    NotFound,
    Statement,
    decide,
    normal_email,
    said_of,
    shared_mailbox,
)
from tieout.kernel.failures import Fix

ANNE = Candidate("100198", "Anne Lee", "anne@example.com")
LEE = Candidate("100777", "Lee Supply", "anne@example.com")


def test_what_was_said_wins_over_a_stored_link_and_that_over_evidence() -> None:
    evidence = Evidence("Anne", "anne@example.com", "100198", ANNE, "100777", LEE, (ANNE, LEE))
    assert decide(evidence) == Matched("100777", "P21 customer id in the Stripe metadata")
    linked = Evidence("Anne", "anne@example.com", "100198", ANNE, by_email=(LEE,))
    assert decide(linked) == Matched("100198", "stored link from an earlier payment")


def test_two_statements_that_disagree_are_both_named_but_our_own_note_is_no_statement() -> None:
    said = Statement("the payment's metadata", "100038"), Statement("Stripe customer cus_1", "100039", ours=True)
    doubt = said_of("Anne", "100037", said)
    assert isinstance(doubt, Fix)
    assert "the payment's metadata says 100038, but Stripe customer cus_1 says 100039" in doubt.sentence
    assert said_of("Anne", "100039", said) == "100038"
    assert said_of("Anne", "", (Statement("the payment's metadata", ""), said[1])) == "100039"
    assert said_of("Anne", "100037", ()) == ""


def test_an_id_in_the_metadata_counts_only_when_p21_has_that_customer() -> None:
    assert decide(Evidence("Anne", claimed="100198", claimed_found=ANNE)) == Matched(
        "100198", "P21 customer id in the Stripe metadata"
    )
    gone = decide(Evidence("Anne", claimed="999"))
    assert isinstance(gone, Fix)
    assert gone.sentence == (
        "P21 has no active customer '999', but the id in the Stripe metadata of Anne names it. Correct p21_customer_id in "
        "the Stripe metadata (or activate the customer in P21), then replay."
    )


def test_one_customer_with_exactly_that_address_is_the_buyer() -> None:
    found = decide(Evidence("Anne", "anne@example.com", by_email=(ANNE,)))
    assert found == Matched("100198", "e-mail address anne@example.com")


def test_two_customers_with_one_address_go_to_a_person_with_the_evidence() -> None:
    doubt = decide(Evidence("Anne", "anne@example.com", by_email=(ANNE, LEE)))
    assert isinstance(doubt, Fix)
    assert doubt.sentence == (
        "Which P21 customer is Anne? 2 P21 customers share the e-mail address anne@example.com: 100198 Anne Lee "
        "(anne@example.com); 100777 Lee Supply (anne@example.com). Put the right number into the Stripe metadata as "
        "p21_customer_id, then replay."
    )


def test_a_shared_mailbox_proves_no_one_customer() -> None:
    office = Candidate("100300", "Acme", "orders@acme.example")
    doubt = decide(Evidence("Acme", "orders@acme.example", by_email=(office,)))
    assert isinstance(doubt, Fix)
    assert "is a shared mailbox, which proves no one customer: 100300 Acme" in doubt.sentence


def test_inactive_customers_are_not_matched_and_nobody_means_a_new_one() -> None:
    closed = Candidate("100198", "Anne Lee", "anne@example.com", active=False)
    assert isinstance(decide(Evidence("Anne", "anne@example.com", by_email=(closed,))), NotFound)
    assert decide(Evidence("guest")) == NotFound("no P21 customer has the e-mail address (none given)")


def test_a_linked_customer_that_is_gone_is_not_silently_replaced() -> None:
    doubt = decide(Evidence("Anne", "anne@example.com", linked="100198", by_email=()))
    assert isinstance(doubt, Fix)
    assert doubt.code == "customer.gone"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Anne.Lee@Example.COM ", "anne.lee@example.com"),
        ("\uff41nne@example.com", "anne@example.com"),
        ("anne", ""),
        ("a@b@c.d", ""),
        ("a b@c.d", ""),
        ("", ""),
    ],
)
def test_addresses_are_compared_in_one_form(text: str, normal: str) -> None:
    assert normal_email(text) == normal


def test_offices_are_known_with_and_without_a_plus() -> None:
    assert shared_mailbox("AP+web@acme.example")
    assert not shared_mailbox("apple@acme.example")
