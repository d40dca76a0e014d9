"""A deliberately broken window panel: it does not keep what it called by itself, so a restart calls people again.

The kill -9 harness must catch it; a harness that lets it pass proves nothing about the real one.
"""

import sys

from kiosk import __main__
from kiosk.sync import calling_alone
from kiosk.sync.journal import Journal

rightly = Journal.keep


def forgetfully(journal: Journal, name: str, value: bytes) -> None:
    """Keep everything but that."""
    if name != calling_alone.KEPT:
        rightly(journal, name, value)


if __name__ == "__main__":
    Journal.keep = forgetfully  # type: ignore[method-assign,assignment]
    sys.exit(__main__.main())
