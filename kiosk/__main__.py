"""`python -m kiosk --config kiosk.toml [--role ROLE]`: one terminal. Exit 0 done, 1 refused, 2 wrong usage."""

import argparse
import os
import resource
import signal
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from hall.errors import HallError
from kiosk.ports import DeviceError
from kiosk.roles import ROLES
from kiosk.settings import load

PLACES_TOLD = 8


def tell_where(kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None) -> None:
    """Say on standard error what kind of surprise ended a thread, and where; its words may hold a person's data."""
    places = traceback.extract_tb(trace)[-PLACES_TOLD:]
    way = " < ".join(f"{Path(place.filename).name}:{place.lineno} {place.name}" for place in reversed(places))
    sys.stderr.write(f"{threading.current_thread().name} ended by {kind.__name__}: {way}\n")


def main() -> int:
    """Run one terminal until it is told to stop."""
    os.umask(0o077)  # journal, outbox and whatever else is written here is for its owner only
    parser = argparse.ArgumentParser(prog="python -m kiosk", description="One screen of the hall.")
    parser.add_argument("--config", type=Path, required=True, help="kiosk.toml of this terminal")
    parser.add_argument("--role", choices=sorted(ROLES), help="overrides the role of the configuration")
    told = parser.parse_args()
    from kiosk.assembly import Program  # noqa: PLC0415 - after the arguments: --help needs no libraries

    try:
        settings = load(told.config)
        if told.role:
            settings = settings.model_copy(update={"role": told.role})
        program = Program(settings)
    except (HallError, DeviceError) as error:
        print(error, file=sys.stderr)
        return 1
    sys.excepthook = tell_where
    threading.excepthook = lambda told: tell_where(told.exc_type, told.exc_value, told.exc_traceback)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of our memory would hold whoever stands here
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: program.stop())
    program.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
