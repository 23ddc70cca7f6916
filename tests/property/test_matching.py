"""Whatever is known of a buyer, a match is never a guess (M6; reliability F12)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.customers.match import (
    SHARED_MAILBOXES,
    Candidate,
    Evidence,
    Matched,
    NotFound,
    decide,
    normal_email,
    shared_mailbox,
)
from tieout.kernel.failures import Fix

numbers = st.sampled_from(["100001", "100002", "100003"])
people = st.builds(Candidate, numbers, st.just("Acme"), st.just("evidence"), st.booleans())
mails = st.sampled_from(["", "ada@example.com", "orders@acme.example", "AP+x@acme.example", "not an address"])


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    linked, claimed = draw(st.none() | people), draw(st.none() | people)
    by_email = draw(st.lists(people, max_size=3, unique_by=lambda one: one.customer_id))
    return Evidence(
        "Ada",
        normal_email(draw(mails)),
        linked.customer_id if linked else draw(st.sampled_from(["", "999999"])),
        linked,
        claimed.customer_id if claimed else draw(st.sampled_from(["", "888888"])),
        claimed,
        tuple(by_email),
    )


@given(evidence())
def test_only_an_active_customer_that_p21_showed_is_ever_matched(known: Evidence) -> None:
    verdict = decide(known)
    if isinstance(verdict, Matched):
        shown = [one for one in (known.linked_found, known.claimed_found, *known.by_email) if one and one.active]
        assert verdict.customer_id in {one.customer_id for one in shown}


@given(evidence())
def test_an_address_decides_only_alone_and_only_for_a_person(known: Evidence) -> None:
    verdict = decide(known)
    active = [one for one in known.by_email if one.active]
    if isinstance(verdict, Matched) and not (known.linked_found or known.claimed_found):
        assert len(active) == 1
        assert not shared_mailbox(known.email)


@given(evidence())
def test_nobody_is_created_while_anything_points_to_a_customer(known: Evidence) -> None:
    if isinstance(decide(known), NotFound):
        assert not (known.linked or known.claimed)
        assert not [one for one in known.by_email if one.active]


@given(evidence())
def test_doubt_names_the_candidates_and_says_what_to_do(known: Evidence) -> None:
    verdict = decide(known)
    if isinstance(verdict, Fix):
        assert "then replay" in verdict.sentence
        if verdict.code == "customer.ambiguous":
            assert all(one.customer_id in verdict.sentence for one in known.by_email if one.active)


@given(st.sampled_from(sorted(SHARED_MAILBOXES)), st.sampled_from(["", "+stripe", "+2026"]), st.booleans())
def test_an_offices_mailbox_is_known_however_it_is_spelled(name: str, more: str, upper: bool) -> None:
    address = f" {name}{more}@Acme.example "
    assert shared_mailbox(address.upper() if upper else address)


@given(st.text(max_size=40))
def test_an_address_has_one_form(text: str) -> None:
    assert normal_email(normal_email(text)) == normal_email(text)
