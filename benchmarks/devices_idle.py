"""What it costs to watch the devices of a self-service terminal while nobody is there.

The real workers with the real drivers ask virtual devices; those live in a process of their own (the bench), so that
only our share of the processor counts.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from hall.ids import JobId, SessionId
from kiosk.devices.loading import CARD_SERVICE, open_device
from kiosk.devices.workers import (
    DeviceWorker,
    IdReaderWorker,
    PrinterWorker,
    ProbeWorker,
    ScannerWorker,
    SocialCardWorker,
)
from kiosk.flows.words import Happened
from kiosk.ports import Fault
from kiosk.settings import DeviceSettings

ROOT = Path(__file__).parents[1]
PEOPLE = ROOT / "deploy/packs/qinghe/people.toml"
MEASURED_S = 10.0
"""A health reading is due every ten seconds: the machine and the printer are asked at least once."""
READY_S = 30.0
END_S = 10.0
CHILD_S = READY_S + 2 * END_S
TODAY = "20261123"
VIRTUAL = {"id_reader": "sam", "card_reader": "social_card", "slip_printer": "printer", "scanner": "scanner"}


def idle_poll_cpu_share(seconds: float = MEASURED_S) -> float:
    """Return the share of one core that a process needs to poll id reader, card slot, printer, scanner, machine.

    It is a fresh process: the PC/SC library looks for its service once in a process's life.
    """
    words = f"from benchmarks.devices_idle import share; print(share({seconds!r}))"
    ended = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, timeout=CHILD_S + seconds, check=False
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr[-2_000:])
    return float(ended.stdout.split()[-1])


def share(seconds: float) -> float:
    """Measure in this process, which has not looked for a card service yet."""
    with tempfile.TemporaryDirectory(prefix="idle") as folder, ExitStack() as open_things:
        addresses = open_things.enter_context(_bench(Path(folder)))
        os.environ[CARD_SERVICE] = addresses["card_reader"]
        workers = _workers(addresses)
        for worker in workers:
            open_things.callback(worker.stop)
            worker.start()
        _wait_until(lambda: all(worker.report().state == "up" for worker in workers), workers)
        began, spent = time.monotonic(), time.process_time()
        time.sleep(seconds)
        return (time.process_time() - spent) / (time.monotonic() - began)


@contextmanager
def _bench(folder: Path) -> Iterator[Mapping[str, str]]:
    """Start the virtual devices; give kind → address."""
    (folder / "token").write_text(secrets.token_urlsafe(), encoding="ascii")
    devices: list[dict[str, Any]] = [
        {"name": kind, "kind": virtual, **({"port": 0} if virtual == "printer" else {"link": str(folder / kind)})}
        for kind, virtual in VIRTUAL.items()
    ]
    told = {"port": 0, "token_file": "token", "people_file": str(PEOPLE), "device": devices}
    (folder / "bench.toml").write_text(tomli_w.dumps(told), encoding="utf-8")
    command = [sys.executable, "-m", "kiosk.devices.virtual", "bench", "--config", str(folder / "bench.toml")]
    bench = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        if bench.stdout is None:
            raise RuntimeError("the bench has no output")
        lines = [bench.stdout.readline().split() for _ in range(len(VIRTUAL) + 1)]
        if not all(lines):
            raise RuntimeError("the bench did not start")
        yield {line[0]: line[-1] for line in lines}
    finally:
        bench.terminate()
        bench.wait(END_S)
        if bench.stdout is not None:
            bench.stdout.close()


def _workers(addresses: Mapping[str, str]) -> list[DeviceWorker[Any]]:
    def settings(kind: str) -> DeviceSettings:
        match kind:
            case "id_reader":
                return DeviceSettings(driver="sam_serial", options={"port": addresses[kind]})
            case "card_reader":
                return DeviceSettings(driver="pcsc")
            case "slip_printer":
                port = int(addresses[kind].rpartition(":")[2])
                return DeviceSettings(driver="escpos", options={"transport": "tcp", "port": port})
            case "scanner":
                return DeviceSettings(driver="serial_scanner", options={"port": addresses[kind]})
        return DeviceSettings(driver="linux", options={"clock_off_s": 1e9})

    def opener(kind: str) -> Callable[[], Any]:
        return partial(open_device, kind, settings(kind), f"idle.{kind}", _nobody_waits)

    return [
        IdReaderWorker("idle.id_reader", opener("id_reader"), _nobody_here, lambda: TODAY),
        SocialCardWorker("idle.card_reader", opener("card_reader"), _nobody_here, lambda: TODAY),
        PrinterWorker("idle.slip_printer", lambda _progress: opener("slip_printer")(), _nobody_here),
        ScannerWorker("idle.scanner", opener("scanner"), _nobody_here),
        ProbeWorker("machine", "idle.machine", opener("machine")),
    ]


def _wait_until(so: Callable[[], bool], workers: list[DeviceWorker[Any]]) -> None:
    until = time.monotonic() + READY_S
    while not so():
        if time.monotonic() > until:
            raise TimeoutError(f"not ready: {[report for w in workers if (report := w.report()).state != 'up']}")
        time.sleep(0.05)


def _nobody_here(_happened: Happened, _session: SessionId | None) -> None:
    """No session listens."""


def _nobody_waits(job: JobId, fault: Fault | None) -> None:
    """Nobody waits for paper."""
