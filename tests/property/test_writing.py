"""The write protocol against every kind of bad luck: a model of a system that commits late, errors after the commit, or
loses the request. Whatever happens inside the settle window, nothing is written twice (reliability §2.2, C1 to C5)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.domain.writing import Adopt, Found, Intent, Quarantine, Send, State, Wait, after_look, before

SETTLE = 10.0
luck = st.tuples(
    st.sampled_from(["answers", "commits late", "loses it", "we die before", "we die after"]),
    st.floats(0, 9.9),
    st.floats(0, 120),
)


@dataclass
class System:
    """Commits what it accepted at a moment of its own choosing."""

    commits: list[float] = field(default_factory=list)

    def found(self, now: float) -> tuple[Found, ...]:
        return tuple(Found(str(i)) for i, at in enumerate(self.commits) if at <= now)


@settings(max_examples=500)
@given(st.lists(luck, max_size=12))
def test_nothing_is_written_twice_and_what_lives_long_enough_is_written(
    fortunes: list[tuple[str, float, float]],
) -> None:
    """Between the intent and the answer any time may pass (a token, a slow look-up): the window counts from its end."""
    system, intent, now = System(), Intent("p21", "TO", "order", {}), 0.0
    waiting = list(fortunes)
    for _ in range(200):
        if intent.state is State.SENDING and not intent.settles_from:
            intent = replace(intent, settles_from=now)
        move = before(intent, now, SETTLE)
        if isinstance(move, Wait):
            now = move.until
            continue
        decision = after_look(intent, system.found(now), now)
        if isinstance(decision, Adopt | Quarantine):
            break
        if isinstance(decision, Wait):
            intent, now = replace(intent, looks=intent.looks + 1, looked_at=now), decision.until
            continue
        assert isinstance(decision, Send)
        kind, delay, took = waiting.pop(0) if waiting else ("answers", 0.0, 0.0)
        if kind == "we die before":
            continue
        intent = replace(intent, state=State.SENDING, attempt=intent.attempt + 1, settles_from=0.0, looks=0)
        now += took
        if kind != "loses it":
            system.commits.append(now + (delay if kind in ("commits late", "we die after") else 0.0))
        if kind != "we die after":
            intent = replace(intent, settles_from=now)
        now += 0.1
    assert len(system.commits) <= 1
    assert system.commits or intent.attempt == 5
