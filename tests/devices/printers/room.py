"""Printers and drivers that belong together, for tests: strict at the wire, worked by hand, ended at the end."""

import dataclasses
from collections.abc import Callable
from threading import Condition, Thread

from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import EscPosPrinter, Options, connect
from kiosk.devices.virtual.printer import Model, Paper, Pty, Tcp, VirtualPrinter
from kiosk.devices.virtual.printer_machine import Flow
from kiosk.ports import Align, Fault, Line, PrintResult, Slip

WAIT_S = 60.0
SHORT = Options(answer_wait_s=1.0, poll_s=0.02, refill_wait_s=5.0, finish_wait_s=1.0, connect_wait_s=0.5)
SLIP = Slip((Line("青禾区社会保险服务大厅", align=Align.CENTER), Line("A012", scale=4)))


class Told:
    """Remembers what the driver told people, and lets a test wait for it."""

    def __init__(self) -> None:
        self.faults: list[tuple[JobId, Fault | None]] = []
        self._changed = Condition()

    def __call__(self, job: JobId, fault: Fault | None) -> None:
        with self._changed:
            self.faults.append((job, fault))
            self._changed.notify_all()

    def wait_for(self, fault: Fault | None) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.faults) and self.faults[-1][1] is fault, WAIT_S)


class Running:
    """A print call on its own thread, as a device worker makes it."""

    def __init__(self, driver: EscPosPrinter, job: str, slip: Slip = SLIP) -> None:
        self._results: list[PrintResult] = []
        self._thread = Thread(target=lambda: self._results.append(driver.print(JobId(job), slip)))
        self._thread.start()

    def result(self) -> PrintResult:
        self._thread.join(WAIT_S)
        assert self._results
        return self._results[0]


class Room:
    """Makes printers and drivers that belong together, and ends them."""

    def __init__(self) -> None:
        self.told = Told()
        self._ends: list[Callable[[], None]] = []

    def printer(
        self,
        listen: Tcp | Pty | None = None,
        baud: int = 0,
        *,
        rows_per_s: int = 0,
        process_ids: bool = True,
        buffer_bytes: int = 65_536,
        flow: Flow = "rts",
        model: Model | None = None,
    ) -> VirtualPrinter:
        made = VirtualPrinter(
            "test",
            listen or Tcp(),
            baud,
            rows_per_s=rows_per_s,
            process_ids=process_ids,
            buffer_bytes=buffer_bytes,
            flow=flow,
            model=model,
        )
        made.start()
        self._ends.append(made.stop)
        return made

    def driver(self, printer: VirtualPrinter, **changes: object) -> EscPosPrinter:
        address = str(printer.state()["address"])
        at: dict[str, object] = (
            {"port": int(address.rsplit(":", 1)[1])} if ":" in address else {"transport": "serial", "path": address}
        )
        made = connect(dataclasses.replace(SHORT, **{**at, **changes}), "K1.slip_printer", self.told)  # type: ignore[arg-type]
        assert isinstance(made, EscPosPrinter)
        self._ends.append(made.close)
        return made

    def at_the_end(self, end: Callable[[], None]) -> None:
        """Close this, too, when the test is over."""
        self._ends.append(end)

    def end(self) -> None:
        for end in reversed(self._ends):
            end()


def papers(printer: VirtualPrinter, count: int) -> list[Paper]:
    assert printer.wait_until(lambda p: int(str(p.state()["papers"])) >= count, WAIT_S)
    return printer.papers


def empty_queue(printer: VirtualPrinter) -> bool:
    return printer.state()["buffered_bytes"] == 0
