"""What is told of a training while it goes on: every tenth epoch, or after half a minute, a line."""

from __future__ import annotations

import time
from collections.abc import Callable

Tell = Callable[[str], None]
_EVERY, _SECONDS = 10, 30.0


def silent(_: str) -> None:
    """Tells nobody."""


class Pace:
    """The losses of a tagger's epochs, told by the way; the first epoch says how long one takes."""

    def __init__(
        self, view: str, epochs: int, tell: Tell, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.losses: list[float] = []
        self._view, self._epochs, self._tell, self._clock = view, epochs, tell, clock
        self._begun = self._told = clock()

    def learnt(self, loss: float) -> None:
        """Take in the mean loss of an epoch."""
        self.losses.append(loss)
        now, done = self._clock(), len(self.losses)
        if done in (1, self._epochs) or done % _EVERY == 0 or now - self._told >= _SECONDS:
            self._told = now
            self._tell(
                f"{self._view}: epoch {done} of {self._epochs}, loss {loss:.3f}, {now - self._begun:.0f} s"
            )
