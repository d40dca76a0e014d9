"""One text engine a thread, however often its printer is opened anew.

Pango's font maps belong to one thread, and each new one leaves some 2.4 KB behind in fontconfig: a terminal whose
printer is away all night opens it every five seconds.
"""

import threading

from kiosk.text import TextEngine

_own = threading.local()


def engine_of_this_thread() -> TextEngine:
    """Return the calling thread's engine, made at its first call (40 ms) and ended with the thread."""
    engine: TextEngine | None = getattr(_own, "engine", None)
    if engine is None:
        engine = _own.engine = TextEngine()
    return engine
