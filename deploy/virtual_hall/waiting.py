"""Waiting with a limit: every wait of the virtual hall asks again and again, and says what it waited for."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

POLL_S = 0.02
"""Short beside what a person notices, long beside what a question costs."""


class WaitedTooLongError(Exception):
    """Something did not happen within its limit."""

    def __init__(self, what: str, limit_s: float, seen: str) -> None:
        super().__init__(f"{what}: not within {limit_s:g} s" + (f"; last seen: {seen}" if seen else ""))


def wait_for(
    what: str,
    look: Callable[[], T | None],
    limit_s: float,
    *,
    alive: Callable[[], None] = lambda: None,
    seen: Callable[[], str] = lambda: "",
) -> T:
    """Return the first thing that `look` returns other than None or False. `alive` may raise to stop waiting."""
    until = time.monotonic() + limit_s
    while True:
        alive()
        found = look()
        if found is not None and found is not False:
            return found
        if time.monotonic() > until:
            raise WaitedTooLongError(what, limit_s, seen())
        time.sleep(POLL_S)
