"""Bugs in who goes when: order among the events of one object, what waits, and what was lost."""

from __future__ import annotations

from tests.canaries._canary import Canary, Replace
from tieout.connectors.stripe import webhook
from tieout.processes import dispatch
from tieout.store import lanes


def _every_event_for_itself(replace: Replace) -> None:
    """Events of one payment are worked on at the same time."""
    replace(webhook, "_lane", lambda _subject: "")


def _a_replay_wakes_nobody(replace: Replace) -> None:
    """What waits for a parked run goes on waiting after its replay."""
    replace(lanes, "wake_aside", lambda _db: None)


def _lost_work_stays_lost(replace: Replace) -> None:
    """What the engine has lost is never handed over again."""
    replace(dispatch, "hand_over_again", lambda _books, _lost, _at: 0)


def _marked_before_it_is_handed_over(replace: Replace) -> None:
    """Half of what is waiting counts as handed over, and is not."""
    careful = dispatch.work_of
    seen: list[int] = []

    def work_of(event: object) -> object:
        seen.append(len(seen))
        work = careful(event)  # type: ignore[arg-type]
        return work if seen[-1] % 2 else type(work)("0-gone", work.lane, "1/-5")

    replace(dispatch, "work_of", work_of)


CANARIES = (
    Canary("every event has an ordering key of its own", "lanes", "order_kept", _every_event_for_itself),
    Canary("a replay wakes nobody", "lanes", "woken", _a_replay_wakes_nobody),
    Canary("lost work stays lost", "lanes", "lost_work", _lost_work_stays_lost),
    Canary("work counts as handed over and is not", "lanes", "mirror", _marked_before_it_is_handed_over),
)
