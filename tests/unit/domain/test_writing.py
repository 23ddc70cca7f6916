"""The write protocol as rules (reliability §2.2)."""

from __future__ import annotations

from dataclasses import replace

from tieout.domain.writing import (
    ATTEMPTS_MAX,
    LOOK_GAP_SECONDS,
    Adopt,
    Found,
    Intent,
    Look,
    Quarantine,
    Send,
    State,
    Wait,
    after_look,
    before,
)

NEW = Intent("p21", "TOABC", "sales_order", {"po_no": "1"})
SENT = replace(NEW, state=State.SENDING, attempt=1, settles_from=1_000.0)


def test_a_write_is_always_looked_up_before_it_is_sent() -> None:
    assert before(NEW, 1_000.0, 600) == Look()
    assert after_look(NEW, (), 1_000.0) == Send()


def test_a_write_that_may_be_under_way_is_left_alone_until_it_has_settled() -> None:
    assert before(SENT, 1_599.0, 600) == Wait(1_600.0)
    assert before(SENT, 1_600.0, 600) == Look()


def test_one_empty_look_is_not_enough_to_send_again() -> None:
    assert after_look(SENT, (), 1_600.0) == Wait(1_600.0 + LOOK_GAP_SECONDS)
    looked = replace(SENT, looks=1, looked_at=1_600.0)
    assert before(looked, 1_604.0, 600) == Wait(1_605.0)
    assert after_look(looked, (), 1_605.0) == Send()


def test_what_is_found_and_equal_is_adopted() -> None:
    assert after_look(SENT, (Found("1013938"),), 1_600.0) == Adopt(Found("1013938"))
    assert after_look(NEW, (Found("1013938"),), 1_000.0) == Adopt(Found("1013938"))


def test_what_differs_or_is_there_twice_is_for_a_person() -> None:
    other = after_look(SENT, (Found("1013938", ("line 2 price is 0.00, sent was 12.50",)),), 1_600.0)
    assert isinstance(other, Quarantine)
    assert other.failure.sentence == (
        "Sales order 1013938 is there, but is not what was sent: line 2 price is 0.00, sent was 12.50. Correct it in the "
        "other system, or cancel it there to have it written anew, then replay."
    )
    twice = after_look(SENT, (Found("1013938"), Found("1013939")), 1_600.0)
    assert isinstance(twice, Quarantine)
    assert twice.failure.sentence == (
        "2 records carry the reference TOABC: sales order 1013938, 1013939. Keep one, void the others, then replay."
    )


def test_a_write_that_never_appears_is_not_sent_for_ever() -> None:
    tired = replace(SENT, attempt=ATTEMPTS_MAX, looks=1, looked_at=1_600.0)
    move = after_look(tired, (), 1_605.0)
    assert isinstance(move, Quarantine)
    assert "was sent 5 times and never appeared" in move.failure.sentence
