"""A terminal process that issues a ticket while cut off and dies by SIGKILL after the commit, before anything is sent.

Run as a program by `test_terminal.py`: `doomed_terminal.py FOLDER PORT`.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from hall.commands import Refused
from hall.ids import ItemCode
from kiosk.sync.journal import Journal
from kiosk.sync.news import Issued
from kiosk.sync.snapshots import Snapshots
from kiosk.sync.terminal import JOURNAL_NAME, Terminal
from tests.sync.samples import MONDAY_0930, Lines, board, ids, pack, settings


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    chosen = settings(folder, port)
    chosen.state_dir.mkdir()
    journal = Journal.connect(chosen.state_dir / JOURNAL_NAME)
    met = Snapshots(journal)
    met.take_pack(pack())
    met.take_board(board(), 0.0)
    journal.close()

    def die(outcome: Issued | Refused) -> None:
        if isinstance(outcome, Issued):
            print(outcome.event.ticket, outcome.event.label, flush=True)  # noqa: T201 - the test reads it
        os.kill(os.getpid(), signal.SIGKILL)

    terminal = Terminal(
        chosen,
        clock=lambda: MONDAY_0930,
        monotonic=time.monotonic,
        mint=ids(),
        jitter=lambda low, _high: low,
        news=lambda _news: None,
        log=Lines(),
    )
    terminal.start()
    terminal.issue(ItemCode("SI-301"), die)
    threading.Event().wait(60.0)


if __name__ == "__main__":
    main()
