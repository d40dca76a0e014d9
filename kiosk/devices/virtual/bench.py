"""The bench: every virtual device of a hall in one process, on one page.

Run: `python -m kiosk.devices.virtual bench --config bench.toml`. The configuration names the devices and where drivers
find them; the page is reached with the token of `token_file`: `http://127.0.0.1:<port>/?token=…`.
"""

import argparse
import contextlib
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from kiosk.devices.virtual import bench_settings
from kiosk.devices.virtual.bench_settings import BenchError
from kiosk.devices.virtual.bench_table import BenchTable
from kiosk.devices.virtual.bench_web import BenchWeb
from kiosk.ports import DeviceError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line of the bench."""
    parser.add_argument("--config", type=Path, required=True, help="bench.toml")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; 1 with a sentence when the configuration does not fit."""
    try:
        settings = bench_settings.load(args.config)
        table = BenchTable(settings.device, bench_settings.load_people(settings.people_file))
        web = BenchWeb(table, settings)
    except (BenchError, OSError) as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, stop)
    try:
        with contextlib.ExitStack() as running:
            running.callback(web.stop)
            running.callback(table.stop)
            for line in table.start():
                sys.stdout.write(f"{line}\n")
            sys.stdout.write(f"bench http://{settings.host}:{web.start()}/\n")
            sys.stdout.flush()
            stopping.wait()
    except (DeviceError, OSError) as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    return 0
