"""The one retry policy: growing, bounded, jittered; an outage never uses a run up (M18, reliability C18, E4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.retrying import RetryPolicy, attempts_after
from tieout.kernel.failures import Retry

BUSY = Retry("p21.busy", "P21 is busy.")
AWAY = Retry("p21.away", "P21 does not answer.", outage=True)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_delays_are_jittered_and_never_longer_than_the_longest(attempts: int, dice: float) -> None:
    policy = RetryPolicy()
    assert 0 <= policy.delay_seconds(attempts, dice, BUSY) <= policy.delay_seconds_max
    assert policy.delay_seconds(attempts, dice, AWAY) <= policy.outage_seconds_max


def test_the_ceiling_doubles_and_the_other_sides_wish_is_respected() -> None:
    policy = RetryPolicy(first_seconds=1.0)
    assert [round(policy.delay_seconds(n, 0.999999)) for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert policy.delay_seconds(1, 0.0, Retry("stripe.busy", "Stripe is busy.", after_seconds=7)) == 7


def test_eight_hours_of_outage_use_up_no_attempt_but_refusals_do() -> None:
    policy, attempts = RetryPolicy(), 0
    for _ in range(1_000):
        attempts = attempts_after(attempts, AWAY)
    assert attempts == 0
    while not policy.exhausted(attempts):
        attempts = attempts_after(attempts, BUSY)
    ceilings = [policy.delay_seconds(n, 0.999999) for n in range(1, attempts)]
    assert sum(ceilings) / 2 > 600, "a system that restarts must find its runs still waiting"
