"""A world whose worker stands still at one moment, while another does all there is to do."""

from __future__ import annotations

from tests.simulation.world import Luck, Shape, SimulatedWorld


class Standing(SimulatedWorld):
    """Its worker stands still for ten minutes when it passes a crash point for the so-and-so-manieth time.

    ``taken_over``: it is taken for dead, and another walks its leg too; else only its other legs go on.
    """

    standstill_seconds = (600.0,)

    def __init__(self, moment: str, passing: int, shape: Shape, *, taken_over: bool = True) -> None:
        super().__init__(1, Luck(), shape)
        self.moment, self.left, self._taken_over = moment, passing, taken_over

    def _maybe_die(self, name: str) -> None:
        if name == self.moment and self._walking and not self._standing:
            self.left -= 1
            if self.left == 0:
                self._stand_still(taken_over=self._taken_over)
