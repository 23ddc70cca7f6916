"""The in-memory engine keeps the promises of the door: once per id, one at a time per lane, waits, and it can crash."""

from __future__ import annotations

import random

import pytest

from tieout.engine import Rest, Work
from tieout.engine.inline_engine import InlineEngine


class Crash(BaseException):
    """The process dies here."""


def test_lanes_keep_their_order_whatever_the_dice_say_and_a_wait_holds_only_its_lane() -> None:
    for seed in range(50):
        now, done = [0.0], list[str]()

        def leg(argument: str) -> Rest:
            if argument == "a1" and now[0] < 5:  # noqa: B023
                return Rest(5.0)
            done.append(argument)  # noqa: B023
            return Rest()

        engine = InlineEngine(leg, lambda: now[0], random.Random(seed))  # noqa: B023
        for number, name in enumerate(["a1", "b1", "a2", "b2"]):
            engine.submit(Work(f"{number:04}", name[0], name))
            engine.submit(Work(f"{number:04}", name[0], "again"))
        while engine.step():
            pass
        assert done == ["b1", "b2"]
        assert engine.next_due == 5.0
        now[0] = 5.0
        while engine.step():
            pass
        assert done == ["b1", "b2", "a1", "a2"]
        assert engine.next_due is None


def test_a_leg_that_dies_is_called_again() -> None:
    calls = list[str]()

    def leg(argument: str) -> Rest:
        calls.append(argument)
        if len(calls) == 1:
            raise Crash
        return Rest()

    engine = InlineEngine(leg, lambda: 0.0, random.Random(1))
    engine.submit(Work("1", "lane", "x"))
    with pytest.raises(Crash):
        engine.step()
    assert engine.step()
    assert not engine.step()
    assert calls == ["x", "x"]
