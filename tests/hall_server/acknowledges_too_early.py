"""A deliberately broken hall server: it tells the terminals before it has committed, and is slow to commit.

The kill -9 harness must catch it; a harness that lets it pass proves nothing about the real one.
"""

import sys
import threading

from hall_server import __main__, assembly
from hall_server.writer.loop import Writer
from hall_server.writer.turn import Turn


class EagerWriter(Writer):
    """Acknowledges first. Once it has acknowledged events of a terminal, its commit never comes."""

    def _settle(self, turn: Turn) -> None:
        self.telling.tell(turn)
        if any(entry.device != "SERVER" for entry in turn.batch.entries):
            threading.Event().wait()
        self._commit(turn)


if __name__ == "__main__":
    right = assembly.build
    assembly.build = lambda settings: right(settings, writer_kind=EagerWriter)  # type: ignore[assignment,misc]
    sys.exit(__main__.main())
