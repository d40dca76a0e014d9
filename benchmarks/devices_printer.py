"""A ticket on the wire: how long beyond the wire's own time, how many bytes, how much of the processor.

`./run bench devices` calls these. The real driver prints on the virtual printer, which paces bytes at the baud rate.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hall.ids import JobId
from kiosk.devices.slip_printers.escpos import Options, connect
from kiosk.devices.slip_printers.layout import Composer, Sheet
from kiosk.devices.virtual.printer import Pty, VirtualPrinter
from kiosk.ports import Align, Columns, Fault, Line, PrintOutcome, Rule, Slip, SlipPrinter, Space
from kiosk.text import TextEngine

BITS_PER_BYTE = 10
TICKETS = {115_200: 15, 9_600: 5}
"""How many of each speed; the median counts."""
COMPOSED = 200
WAIT_S = 10.0

TICKET = Slip(
    (
        Line("青禾区社会保险服务大厅", align=Align.CENTER),
        Space(16),
        Line("A012", scale=8, bold=True, align=Align.CENTER),
        Space(8),
        Line("养老待遇资格认证", scale=2, align=Align.CENTER),
        Rule(),
        Columns(("窗口", "7、8 号"), (10, 38), bold=True),
        Columns(("等候区", "Q3 东侧，面向 S1 显示屏"), (10, 38)),
        Columns(("前面", "还有 5 人，约 10–15 分钟（估计）"), (10, 38)),
        Columns(("请准备", "身份证原件、社会保障卡；代办的还请带委托书和双方身份证"), (10, 38)),
        Rule(),
        Columns(("取号", "2026-11-23 09:31"), (10, 38)),
        Columns(("过号", "可在本机重新排队一次，排在 3 位之后"), (10, 38)),
        Columns(("监督", "12333"), (10, 38)),
    )
)
"""All that QUE-03 wants on a ticket."""


def ticket_ratio(baud: int) -> float:
    """Return the median of (job accepted → last byte at the printer) against the pure wire time of what was sent."""
    with _printing(baud) as (printer, driver):
        driver.state()
        return statistics.median(_one(printer, driver, number, baud) for number in range(TICKETS.get(baud, 5)))


def ticket_bytes() -> dict[str, int]:
    """Return the ticket's bytes: as text where the font has it, and if all of it were dots."""
    engine = TextEngine()
    return {
        "text": len(Composer(Sheet(), engine).compose(TICKET)),
        "raster": len(Composer(Sheet(drawn_from_scale=1), engine).compose(TICKET)),
    }


def ticket_cpu_ms() -> float:
    """Return the processor time in which one ticket becomes bytes, caches of glyphs forgotten as after each session."""
    engine = TextEngine()
    composer = Composer(Sheet(), engine)
    composer.compose(TICKET)
    spent = []
    for _ in range(COMPOSED):
        engine.forget()
        began = time.process_time()
        composer.compose(TICKET)
        spent.append((time.process_time() - began) * 1_000)
    return statistics.median(spent)


@contextmanager
def _printing(baud: int) -> Iterator[tuple[VirtualPrinter, SlipPrinter]]:
    with tempfile.TemporaryDirectory() as folder:
        printer = VirtualPrinter("bench", Pty(Path(folder) / "printer"), baud)
        path = printer.start()
        driver = connect(Options(transport="serial", path=path, baud=baud), "bench", _quiet)
        try:
            yield printer, driver
        finally:
            driver.close()
            printer.stop()


def _one(printer: VirtualPrinter, driver: SlipPrinter, number: int, baud: int) -> float:
    """Print one ticket; the status questions around it count as time, not as bytes."""
    before = _sent(driver)
    result = driver.print(JobId(str(number)), TICKET)
    if result.outcome is not PrintOutcome.PROCESSED:
        message = f"the ticket ended {result.outcome.value}"
        raise RuntimeError(message)
    took_s = float(str(printer.state()["last_job_byte_mono"])) - result.accepted_mono
    return took_s / ((_sent(driver) - before) * BITS_PER_BYTE / baud)


def _sent(driver: SlipPrinter) -> int:
    return int(str(driver.state().readings["bytes_sent"]))


def _quiet(job: JobId, fault: Fault | None) -> None:
    """Nobody waits here."""
