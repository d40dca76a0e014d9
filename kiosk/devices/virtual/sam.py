"""Virtual identity-card reader: a SAM module behind a pty or a TCP port, with cards to lay and faults to order."""

import argparse
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.devices.id_readers.sam_frames import PREAMBLE
from kiosk.devices.virtual.id_faces import Defect, IdFace, Kind, face_from
from kiosk.devices.virtual.sam_module import Reply, SamModule
from kiosk.devices.virtual.serial_lines import Line, PtyLine, TcpLine, send_paced, wire_s

POLL_S = 0.05
STOP_TIMEOUT_S = 3.0
SETTLE_TIMEOUT_S = 3.0
NOISE = bytes.fromhex("00FFAAAA96AAAA55") * 2
"""Garbage with halves of a preamble in it."""


class VirtualSam:
    """A reader on a desk: `start`, then `lay` cards. Every action may be called from any thread.

    `link` is the path of the pty; without it `tcp_port` (0 = a free one) makes it a network reader, and without
    either the pty's own name is the address. Bytes leave at `baud`; `read_s` is the chip's own time.
    """

    def __init__(
        self, *, link: Path | None = None, tcp_port: int | None = None, baud: int = 115_200, read_s: float = 0.6
    ) -> None:
        self._line: Line = TcpLine(tcp_port) if tcp_port is not None and link is None else PtyLine(link)
        self._baud = baud
        self._module = SamModule(read_s=read_s)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._want_plugged = False
        self._plugged = False
        self._address = ""
        self._settled = threading.Condition()
        self._silent = False
        self._next: set[str] = set()
        self.last_answer_mono = 0.0
        """When the first byte of the last answer left; monotonic seconds, for benches."""
        self.actions: dict[str, Callable[..., None]] = {
            "lay": self.lay,
            "lift": self.lift,
            "lift_mid_read": self.lift_mid_read,
            "silence": self.silence,
            "garble_next": self.garble_next,
            "truncate_next": self.truncate_next,
            "noise_before": self.noise_before,
            "unplug": self.unplug,
            "replug": self.replug,
            "sam_fault": self.sam_fault,
        }

    def start(self) -> str:
        """Plug the line in and serve it; return the address for the driver's `port`."""
        self._thread = threading.Thread(target=self._serve, name="virtual-sam", daemon=True)
        self._thread.start()
        self._want(plugged=True)
        return self._address

    def stop(self) -> None:
        """Stop serving and take the line away."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)

    def state(self) -> dict[str, object]:
        """Tell what the bench shows."""
        with self._lock:
            card = self._module.card
            return {
                "plugged": self._plugged,
                "silent": self._silent,
                "card": card.name if card else None,
                "place": self._module.place.value,
                "sam_fault": f"{self._module.sam_fault:02X}" if self._module.sam_fault else None,
                "counts": dict(self._module.counts),
                "ordered": sorted(self._next),
            }

    def lay(self, card: IdFace | dict[str, str]) -> None:
        """Put a card (or the fields of one) on the reader."""
        face = card if isinstance(card, IdFace) else face_from(card)
        with self._lock:
            self._module.lay(face)

    def lift(self) -> None:
        """Take the card away."""
        with self._lock:
            self._module.lift()

    def lift_mid_read(self) -> None:
        """Let the card be pulled in the middle of the next reading."""
        with self._lock:
            self._module.lift_during_read = True

    def silence(self, on: bool = True) -> None:
        """Answer nothing, or answer again."""
        with self._lock:
            self._silent = on

    def garble_next(self) -> None:
        """Flip bits in the next answer."""
        self._order("garble")

    def truncate_next(self) -> None:
        """Send only half of the next answer."""
        self._order("truncate")

    def noise_before(self) -> None:
        """Send garbage before the next answer."""
        self._order("noise")

    def sam_fault(self, status: int = 0x60) -> None:
        """Fail the self-test (0x60), lose authorisation (0x66), or be well again (0)."""
        with self._lock:
            self._module.sam_fault = status

    def unplug(self) -> None:
        """Pull the cable."""
        self._want(plugged=False)

    def replug(self) -> None:
        """Put the cable back, at the same address when that is a link or a port."""
        self._want(plugged=True)

    def _order(self, fault: str) -> None:
        with self._lock:
            self._next.add(fault)

    def _want(self, *, plugged: bool) -> None:
        """Let the serving thread, which alone touches the line, plug or unplug it; wait until it has."""
        with self._settled:
            self._want_plugged = plugged
            self._settled.wait_for(lambda: self._plugged == plugged, SETTLE_TIMEOUT_S)

    def _serve(self) -> None:
        while not self._stop.is_set():
            self._settle()
            received = self._line.receive(POLL_S)
            if received:
                self._obey(received)
        self._line.unplug()

    def _settle(self) -> None:
        with self._settled:
            if self._want_plugged == self._plugged:
                return
            if self._want_plugged:
                self._address = self._line.plug()
            else:
                self._line.unplug()
            self._plugged = self._want_plugged
            self._settled.notify_all()

    def _go_on(self) -> bool:
        return self._want_plugged and not self._stop.is_set()

    def _obey(self, received: bytes) -> None:
        with self._lock:
            if self._silent:
                return
            replies = self._module.receive(received)
        self._stop.wait(wire_s(len(received), self._baud))  # the request's own time on the wire
        for reply in replies:
            self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        if self._stop.wait(reply.work_s):
            return
        with self._lock:
            ordered, self._next = self._next, set()
            silent = self._silent
        if silent:
            return
        self.last_answer_mono = time.monotonic()
        send_paced(self._line, _spoil(reply.frame, ordered), self._baud, self._go_on)


def _spoil(frame: bytes, ordered: set[str]) -> bytes:
    if "garble" in ordered:
        at = len(PREAMBLE) + 2 + len(frame) // 4
        frame = frame[:at] + bytes((frame[min(at, len(frame) - 1)] ^ 0x5A,)) + frame[at + 1 :]
    if "truncate" in ordered:
        frame = frame[: max(len(frame) // 2, len(PREAMBLE) + 3)]
    return NOISE + frame if "noise" in ordered else frame


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `python -m kiosk.devices.virtual sam`."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--link", type=Path, help="path of the virtual serial line")
    place.add_argument("--tcp", type=int, metavar="PORT", help="serve a TCP port on the loopback instead; 0 = free one")
    parser.add_argument("--baud", type=int, default=115_200)
    parser.add_argument("--read-s", type=float, default=0.6, help="time the chip takes (default 0.6)")
    parser.add_argument("--name", default="", help="lay this card at start: name")
    parser.add_argument("--number", default="", help="… and number")
    parser.add_argument("--valid-to", default="20400101", help="… last day, YYYYMMDD or 长期")
    parser.add_argument("--kind", choices=[kind.value for kind in Kind], default=Kind.CITIZEN.value)
    parser.add_argument("--defect", choices=[defect.value for defect in Defect], default=Defect.NONE.value)


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; the first line printed is the address, as JSON."""
    sam = VirtualSam(link=args.link, tcp_port=args.tcp, baud=args.baud, read_s=args.read_s)
    address = sam.start()
    print(json.dumps({"address": address}), flush=True)  # noqa: T201 - the command's answer
    if args.number:
        sam.lay(
            face_from(
                {
                    "name": args.name,
                    "number": args.number,
                    "valid_to": args.valid_to,
                    "kind": args.kind,
                    "defect": args.defect,
                }
            )
        )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        sam.stop()
    return 0
