"""An uninterruptible power supply, as Network UPS Tools tells of it over TCP (port 3493).

NUT knows hundreds of models; we only ask it. "The driver is gone" is a state of its own, never "on line".
"""

import contextlib
import socket
from dataclasses import dataclass

from kiosk.devices.closing import Lifetime
from kiosk.devices.upses import nut_lines
from kiosk.devices.upses.nut_lines import Answer, Refusal, Variable
from kiosk.ports import DeviceError, DeviceState, Fault, Probe, Reading, Unread

REFUSALS = {
    "UNKNOWN-UPS": Fault.OPTION,
    "ACCESS-DENIED": Fault.REFUSED,
    "DRIVER-NOT-CONNECTED": Fault.DISCONNECTED,
    "DATA-STALE": Fault.SILENT,
}
UNSUPPORTED = "VAR-NOT-SUPPORTED"
STATUS, CHARGE, RUNTIME = "ups.status", "battery.charge", "battery.runtime"


@dataclass(frozen=True, slots=True)
class Options:
    """Which UPS of which server. NUT usually runs on the same machine, so loopback is no simulator here."""

    ups: str
    server: str = "127.0.0.1"
    tcp_port: int = 3493
    timeout_s: float = 2.0


def connect(options: Options, name: str) -> Probe:
    """Return the probe; the connection is made at the first reading. `DeviceError(OPTION)` for an impossible name."""
    if not nut_lines.is_name(options.ups):
        raise DeviceError(Fault.OPTION, name, "ups must be a name of ups.conf: letters, digits, dot, dash, underline")
    return NutUps(options, name)


class NutUps:
    """One connection, one question at a time. A broken connection is dropped and made anew at the next reading."""

    def __init__(self, options: Options, name: str) -> None:
        self._options = options
        self._name = name
        self._life = Lifetime(name)
        self._line: socket.socket | None = None
        self._heard = b""

    def state(self) -> DeviceState:
        """Ask for status, charge and remaining time; raises `DeviceError` when nobody can tell."""
        status = self._ask(STATUS)
        if isinstance(status, Refusal):
            raise self._refused(status)
        flags = status.value.split()
        readings: dict[str, Reading] = {
            "mains": "OL" in flags,
            "battery_charge_pct": self._number(CHARGE),
            "battery_runtime_s": self._number(RUNTIME),
            "battery_must_be_replaced": "RB" in flags,
        }
        return DeviceState(fault=fault_of(flags), may_serve=True, detail=status.value, readings=readings)

    def close(self) -> None:
        """Hang up, for good."""
        self._life.end()
        self._hang_up()

    def _hang_up(self) -> None:
        line, self._line, self._heard = self._line, None, b""
        if line is not None:
            with contextlib.suppress(OSError):
                line.close()

    def _number(self, variable: str) -> Reading:
        told = self._ask(variable)
        if isinstance(told, Refusal):
            return Unread.UNSUPPORTED if told.code == UNSUPPORTED else Unread.UNKNOWN
        try:
            return float(told.value)
        except ValueError:
            return Unread.UNKNOWN

    def _ask(self, variable: str) -> Answer:
        self._life.check()
        try:
            line = self._connected()
            line.sendall(nut_lines.ask(self._options.ups, variable))
            told = nut_lines.parse(self._one_line(line))
        except TimeoutError as error:
            self._hang_up()
            raise DeviceError(Fault.SILENT, self._name, f"{self._where()} did not answer in time") from error
        except OSError as error:
            self._hang_up()
            raise DeviceError(Fault.NO_SERVICE, self._name, f"{self._where()}: {error.strerror or error}") from error
        if isinstance(told, Variable) and (told.ups, told.name) != (self._options.ups, variable):
            told = None
        if told is None:
            self._hang_up()
            raise DeviceError(Fault.GARBLED, self._name, f"{self._where()} answered what NUT does not say")
        return told

    def _connected(self) -> socket.socket:
        if self._line is None:
            where = (self._options.server, self._options.tcp_port)
            self._line = socket.create_connection(where, self._options.timeout_s)
            self._heard = b""
        return self._line

    def _one_line(self, line: socket.socket) -> bytes:
        while b"\n" not in self._heard:
            if len(self._heard) > nut_lines.MAX_LINE_BYTES:
                return self._heard  # no line at all: the parser refuses it
            received = line.recv(nut_lines.MAX_LINE_BYTES)
            if not received:
                raise ConnectionResetError("hung up")
            self._heard += received
        told, _, self._heard = self._heard.partition(b"\n")
        return told

    def _refused(self, refusal: Refusal) -> DeviceError:
        self._hang_up()
        reason = REFUSALS.get(refusal.code, Fault.HARDWARE)
        return DeviceError(reason, self._name, f"{self._where()} says {refusal.code} of {self._options.ups}")

    def _where(self) -> str:
        return f"upsd at {self._options.server}:{self._options.tcp_port}"


def fault_of(flags: list[str]) -> Fault | None:
    """Return what the flags of `ups.status` mean: LB before OB before RB; a UPS that says nothing is no healthy one."""
    ranked = ((("LB",), Fault.BATTERY_LOW), (("OB",), Fault.ON_BATTERY), (("RB", "OFF", "OVER"), Fault.HARDWARE))
    found = next((fault for meant, fault in ranked if set(meant) & set(flags)), None)
    return found if found is not None or "OL" in flags else Fault.SILENT
