"""What the technician sets for an ESC/POS printer, and what follows from it together with the profile."""

from dataclasses import dataclass
from typing import Literal

from kiosk.devices.slip_printers.columns import Charset
from kiosk.devices.slip_printers.job import Waits
from kiosk.devices.slip_printers.layout import Sheet
from kiosk.devices.slip_printers.profiles import Cutter, Means, Profile, Qr, profile
from kiosk.devices.slip_printers.raster import WIDEST_DOTS
from kiosk.devices.slip_printers.transport import Transport, serial_line, tcp
from kiosk.devices.slip_printers.usb import lp_line, usb_line, wanted
from kiosk.ports import DeviceError, Fault

NARROWEST_DOTS = 256
"""Below it not even a date fits in a line."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the technician sets. What is None comes from the profile."""

    transport: Literal["tcp", "serial", "usb", "usblp"] = "tcp"
    host: str = "127.0.0.1"
    port: int = 9100
    path: str = ""
    """Serial device, such as `/dev/ttyS1`, or the kernel's printer device, such as `/dev/usb/lp0`."""
    usb: str = ""
    """`vendor:product` or `vendor:product:serial`, in hexadecimal as `lsusb` shows them; empty: the only printer."""
    baud: int = 115_200
    flow: Literal["none", "rts", "xon"] = "none"
    profile: str = "generic_80"
    """Name in `profiles.toml`."""
    paper_width_dots: int | None = None
    """80 mm paper has 576 dots (some 512), 58 mm has 384 (203 dpi)."""
    chinese_mode: bool | None = None
    """False for a printer without Chinese font: everything but ASCII is drawn."""
    charset: Charset | None = None
    """`gb2312` for older fonts."""
    qr: Qr | None = None
    """Many clones lack native QR codes."""
    cutter: Cutter | None = None
    drawn_from_scale: int = 9
    """Set to 4 for a model that enlarges characters into steps (no GS b) on a fast line: the ticket number is then
    drawn, at 8 to 14 kB instead of 40 bytes."""
    confirm: Means | None = None
    """`process_id`: the printer proves each job (GS ( H); `status`: it answers status; `none`: it cannot answer."""
    roll_m: float | None = None
    """Length of a new roll; for the forecast."""
    near_end_m: float | None = None
    """What the near-end sensor leaves; 0 where there is none."""
    count_path: str = ""
    """File that keeps the count of paper used through a restart (numbers only); empty: not kept."""
    connect_wait_s: float = 3.0
    answer_wait_s: float = 1.0
    """For one complete status: four questions, each a few bytes, also at 9,600 baud."""
    poll_s: float = 0.5
    refill_wait_s: float = 300.0
    """How long a job waits for paper, cover or cutter: a guide's walk with a new roll, twice."""
    finish_wait_s: float = 20.0
    """From the last byte (wire time added) to the printer's word that it is done: the slowest long slip."""

    @property
    def wire_s_per_byte(self) -> float:
        """Ten bits a byte on a serial line; a network or USB takes no time worth counting."""
        return 10 / self.baud if self.transport == "serial" else 0.0


def profile_of(options: Options, name: str) -> Profile:
    """Return the profile, or `DeviceError(OPTION)` with the list of what exists."""
    try:
        return profile(options.profile)
    except LookupError as error:
        raise DeviceError(Fault.OPTION, name, str(error)) from error


def sheet_of(options: Options, name: str) -> Sheet:
    """Return paper and font, or `DeviceError(OPTION)`."""
    known = profile_of(options, name)
    dots = known.paper_width_dots if options.paper_width_dots is None else options.paper_width_dots
    if dots % 8 or not NARROWEST_DOTS <= dots <= WIDEST_DOTS:
        told = f"paper_width_dots must be a multiple of 8 from {NARROWEST_DOTS} to {WIDEST_DOTS}"
        raise DeviceError(Fault.OPTION, name, told)
    return Sheet(
        width_dots=dots,
        charset=options.charset or known.charset,
        chinese_mode=known.chinese != "none" if options.chinese_mode is None else options.chinese_mode,
        cutter=options.cutter or known.cutter,
        qr=options.qr or known.qr,
        drawn_from_scale=options.drawn_from_scale,
        raster=known.raster,
        code_page=known.code_page,
        sets_units=known.sets_units,
    )


def waits_of(options: Options) -> Waits:
    """Return the named limits of a job."""
    return Waits(
        answer_s=options.answer_wait_s,
        poll_s=options.poll_s,
        refill_s=options.refill_wait_s,
        finish_s=options.finish_wait_s,
        wire_s_per_byte=options.wire_s_per_byte,
    )


def open_line(options: Options) -> Transport:
    """Open the line that the options name; `LineLost` when it is not there."""
    match options.transport:
        case "tcp":
            return tcp(options.host, options.port, options.connect_wait_s)
        case "serial":
            return serial_line(options.path, options.baud, options.flow)
        case "usb":
            return usb_line(wanted(options.usb))
        case "usblp":
            return lp_line(options.path)


def check_place(options: Options, name: str) -> None:
    """Raise `DeviceError(OPTION)` when the place of the printer is missing or misspelt."""
    if options.transport in ("serial", "usblp") and not options.path:
        raise DeviceError(Fault.OPTION, name, f"transport {options.transport} needs a path")
    try:
        wanted(options.usb)
    except ValueError as error:
        raise DeviceError(
            Fault.OPTION, name, f"usb must be vendor:product or vendor:product:serial: {error}"
        ) from error
