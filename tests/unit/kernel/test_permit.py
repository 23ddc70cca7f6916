"""A write that was allowed may begin for a while, and not later."""

from __future__ import annotations

from tieout.kernel import permit


def test_a_write_may_begin_until_the_moment_that_was_said() -> None:
    now = [100.0]
    assert not permit.has_expired(), "nobody said anything"
    with permit.begin_before(105.0, lambda: now[0]):
        assert not permit.has_expired()
        now[0] = 105.0
        assert permit.has_expired()
    assert not permit.has_expired()
