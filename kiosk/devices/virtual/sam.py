"""Virtual identity-card reader: a SAM module behind a pty or a TCP port, with cards to lay and faults to order."""

import argparse
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.devices.virtual.answer_faults import AnswerFault, spoiled
from kiosk.devices.virtual.id_faces import Defect, IdFace, face_from
from kiosk.devices.virtual.sam_module import Reply, SamModule
from kiosk.devices.virtual.sample_cards import PEOPLE, face_told
from kiosk.devices.virtual.serial_lines import Line, PtyLine, TcpLine, send_paced, wire_s
from kiosk.devices.virtual.standing_alone import serve_alone
from kiosk.devices.virtual.told_values import a_port, a_rate, seconds
from kiosk.devices.virtual.transcripts import OnWire, unrecorded
from kiosk.devices.virtual.uart import heard_at

POLL_S = 0.01
STOP_TIMEOUT_S = 3.0
SETTLE_TIMEOUT_S = 3.0


class VirtualSam:
    """A reader on a desk: `start`, then `lay` cards. Every action may be called from any thread.

    `link` is the path of the pty; without it `tcp_port` (0 = a free one) makes it a network reader, and without
    either the pty's own name is the address. Bytes leave at `baud`, and a driver that has set its end of the pty to
    another rate hears and says only garbage. `read_s` is the chip's own time.
    """

    def __init__(
        self,
        *,
        link: Path | None = None,
        tcp_port: int | None = None,
        baud: int = 115_200,
        read_s: float = 0.6,
        finds_again: bool = False,
    ) -> None:
        self._line: Line = TcpLine(tcp_port) if tcp_port is not None and link is None else PtyLine(link)
        self._baud = baud
        self._module = SamModule(read_s=read_s, finds_again=finds_again)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._want_plugged = False
        self._plugged = False
        self._address = ""
        self._settled = threading.Condition()
        self._silent = False
        self._slow_s = 0.0
        self._next: set[AnswerFault] = set()
        self._on_wire: OnWire = unrecorded
        self.last_answer_mono = 0.0
        """When the first byte of the last answer left; monotonic seconds, for benches."""
        self.actions: dict[str, Callable[..., None]] = {
            "lay": self.lay,
            "lift": self.lift,
            "lift_mid_read": self.lift_mid_read,
            "silence": self.silence,
            "garble_next": self.garble_next,
            "truncate_next": self.truncate_next,
            "wrong_length_next": self.wrong_length_next,
            "noise_before": self.noise_before,
            "slow": self.slow,
            "busy": self.busy,
            "finds_again": self.finds_again,
            "unplug": self.unplug,
            "replug": self.replug,
            "sam_fault": self.sam_fault,
        }

    def start(self) -> str:
        """Plug the line in and serve it; return the address for the driver's `port`."""
        self._want_plugged = True
        self._settle()  # here, so that a port in use is told to whoever starts it
        self._thread = threading.Thread(target=self._serve, name="virtual-sam", daemon=True)
        self._thread.start()
        return self._address

    def stop(self) -> None:
        """Stop serving and take the line away."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT_S)

    def listen_in(self, on_wire: OnWire) -> None:
        """Tell `on_wire` of all that passes from now on."""
        self._on_wire = on_wire

    def state(self) -> dict[str, object]:
        """Tell what the bench shows."""
        with self._lock:
            card = self._module.card
            return {
                "plugged": self._plugged,
                "silent": self._silent,
                "slow_s": self._slow_s,
                "baud": self._baud,
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
        self._order(AnswerFault.GARBLE)

    def truncate_next(self) -> None:
        """Send only half of the next answer."""
        self._order(AnswerFault.TRUNCATE)

    def wrong_length_next(self) -> None:
        """Tell a length of one byte more than comes, in the next answer."""
        self._order(AnswerFault.WRONG_LENGTH)

    def noise_before(self) -> None:
        """Send garbage before the next answer."""
        self._order(AnswerFault.NOISE)

    def slow(self, seconds: float = 2.0) -> None:
        """Take so much longer for every answer; 0 is the usual pace."""
        with self._lock:
            self._slow_s = seconds

    def busy(self, times: int = 1) -> None:
        """Refuse the next requests with 24."""
        with self._lock:
            self._module.busy = times

    def finds_again(self, on: bool = True) -> None:
        """Find a card again that was read and still lies there, as some readers do."""
        with self._lock:
            self._module.finds_again = on

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

    def _order(self, fault: AnswerFault) -> None:
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
        self._line.leave()

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
        self._on_wire(True, received)
        heard = heard_at(received, self._line.far_baud() or self._baud, self._baud)
        with self._lock:
            if self._silent:
                return
            replies = self._module.receive(heard)
        self._stop.wait(wire_s(len(received), self._baud))  # the request's own time on the wire
        for reply in replies:
            self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        if self._stop.wait(reply.work_s + self._slow_s):
            return
        with self._lock:
            ordered, self._next = self._next, set()
            silent = self._silent
        if not silent:
            self.last_answer_mono = time.monotonic()
            sent = spoiled(reply.frame, ordered)
            self._send(heard_at(sent, self._baud, self._line.far_baud() or self._baud))
        self._baud = reply.then_baud or self._baud

    def _send(self, sent: bytes) -> None:
        self._on_wire(False, sent)
        send_paced(self._line, sent, self._baud, self._go_on)


# ---- the command --------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line of `python -m kiosk.devices.virtual sam`."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--pty", action="store_true", help="a new virtual serial line (the default)")
    place.add_argument("--link", type=Path, help="a virtual serial line at this path, also after replugging")
    place.add_argument("--tcp", type=a_port, metavar="PORT", help="serve a TCP port of the loopback instead; 0: any")
    parser.add_argument("--baud", type=a_rate, default=115_200)
    parser.add_argument("--read-s", type=seconds, default=0.6, help="time the chip takes (default 0.6)")
    parser.add_argument("--finds-again", action="store_true", help="find a card that was read again while it lies")
    parser.add_argument("--people", type=Path, default=PEOPLE, help=f"sample persons (default {PEOPLE})")
    card = parser.add_mutually_exclusive_group()
    card.add_argument("--person", help="lay this person's card at start: key in the file of persons, or 1, 2, 3 …")
    card.add_argument("--card", type=Path, help="lay the card described in this JSON file")
    parser.add_argument("--defect", choices=[defect.value for defect in Defect], default=Defect.NONE.value)
    parser.add_argument(
        "--fault", action="append", default=[], metavar="ACTION", help="do this at start, such as 'slow 2'; repeatable"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; the first line printed is the address, then standard input works the device."""
    sam = VirtualSam(
        link=args.link, tcp_port=args.tcp, baud=args.baud, read_s=args.read_s, finds_again=args.finds_again
    )

    def lay(card: str, defect: str = "none") -> None:
        sam.lay(face_told(card, defect, args.people))

    at_start = [*args.fault]
    laid = args.person or args.card
    if laid:
        at_start.insert(0, f"lay '{laid}' {args.defect}")
    return serve_alone(sam, {**sam.actions, "lay": lay}, at_start)
