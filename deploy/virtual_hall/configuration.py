"""The settings files of every part of the virtual hall, written into its private folder."""

import secrets
import socket
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from deploy.virtual_hall import broker
from deploy.virtual_hall.plan import BAR_ADDRESSES, MACHINE, STAFF_WITH_PINS, TERMINALS, Placed, Terminal
from hall.ids import HallId, StaffId
from hall_server.keys import create_key_file
from hall_server.staff import hash_pin, store_pin

PIN_DIGITS = 6
SALT_BYTES = 16
KEY_BYTES = 32
TOKEN_BYTES = 18
PORTS = range(20_000, 32_000)
"""Below the ports that the system hands out by itself (`ip_local_port_range`): until its program listens on one,
nobody's outgoing connection takes it."""
DRIVERS = {
    "id_reader": "sam_serial",
    "card_reader": "pcsc",
    "slip_printer": "escpos",
    "led_bars": "onbon_bx5k",
    "speaker": "espeak",
    "sheet_printer": "cups",
    "keypad": "call_keypad",
    "scanner": "serial_scanner",
    MACHINE: "linux",
}
HEARD_ALONE = "K1"
"""The terminal with a headphone jack."""
FIVE_BUTTONS = "5,4,3,2,1"
"""The evaluator on the bench has the five official words."""
ANY_MACHINE = {"clock_off_s": 1e9, "disk_low_pct": 0.0, "memory_low_pct": 0.0, "hot_c": 200.0}
"""A laptop or a container that shows a demo has no synchronised clock, may be full and may be hot: all readings are
told, none is a fault of the hall."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Free loopback ports, chosen by binding them."""

    broker: int
    console: int
    bench: int
    printer_k1: int
    printer_d1: int
    speaker: int
    sheets_k1: int
    speaker_k1: int
    headphones_k1: int


def free_ports() -> Ports:
    """Choose the ports: all are bound at the same time, so that none is given twice."""
    with ExitStack() as standing:
        return Ports(*(_bound(standing.enter_context(socket.socket())) for _ in Ports.__slots__))


def _bound(to_bind: socket.socket) -> int:
    while True:
        port = PORTS[secrets.randbelow(len(PORTS))]
        with suppress(OSError):
            to_bind.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True, slots=True)
class Site:
    """Where and when this virtual hall stands, and who may enter."""

    folder: Path
    broker_folder: Path
    """The broker's own: as root it runs as another user, who may not enter `folder`."""
    pack: Path
    hall: HallId
    clock_offset_s: float
    ports: Ports
    passwords: Mapping[str, str]
    """Broker passwords by user name."""
    pins: Mapping[str, str]
    """PINs by 工号."""
    console_token: str
    bench_token: str
    speech_speed: float = 1.0
    """How fast the virtual speaker plays: 1 for people, more where only its transcript is read."""
    extras: bool = False
    """People play here: the terminals have their extras, too."""

    def own(self, name: str) -> Path:
        """Return the private folder of one part, made at the first call."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def debug_socket(self, terminal: str) -> Path:
        """Return where this terminal's widgets can be found."""
        return self.own(terminal) / "debug.sock"


def new_site(folder: Path, broker_folder: Path, pack: Path, hall: HallId, clock_offset_s: float) -> Site:
    """Mint everything that is new in each run: ports, passwords, PINs, tokens."""
    users = [broker.SERVER, *(terminal.name for terminal in TERMINALS)]
    return Site(
        folder=folder,
        broker_folder=broker_folder,
        pack=pack,
        hall=hall,
        clock_offset_s=clock_offset_s,
        ports=free_ports(),
        passwords={user: secrets.token_urlsafe(TOKEN_BYTES) for user in users},
        pins={staff: _pin() for staff in STAFF_WITH_PINS},
        console_token=secrets.token_urlsafe(TOKEN_BYTES),
        bench_token=secrets.token_urlsafe(TOKEN_BYTES),
    )


def write_hall_server(site: Site) -> Path:
    """Write `hall_server.toml` and the secrets it names; return its path."""
    folder = site.own("hall_server")
    create_key_file(folder / "server.key", secrets.token_bytes(KEY_BYTES))
    for staff, pin in site.pins.items():
        store_pin(folder / "staff_pins.toml", StaffId(staff), hash_pin(pin, secrets.token_bytes(SALT_BYTES)))
    return _write(
        folder / "hall_server.toml",
        {
            "environment": "demo",
            "hall": site.hall,
            "pack": str(site.pack),
            "ledger": "ledger.sqlite",
            "key_file": "server.key",
            "staff_pins": "staff_pins.toml",
            "clock_offset_s": site.clock_offset_s,
            "broker": {
                "port": site.ports.broker,
                "password_file": str(_secret(folder / "broker-password", site.passwords[broker.SERVER])),
            },
            "records": {"source": "demo", "people": str(site.pack / "people.toml")},
            "console": {
                "port": site.ports.console,
                "token_file": str(_secret(folder / "console-token", site.console_token)),
            },
        },
    )


def write_kiosk(site: Site, placed: Placed, *, screen: bool = True) -> Path:
    """Write the `kiosk.toml` of one terminal; return its path."""
    terminal = placed.terminal
    folder = site.own(terminal.name)
    told: dict[str, Any] = {
        "environment": "demo",
        "hall": site.hall,
        "terminal": terminal.name,
        "role": terminal.role,
        "brokers": [{"port": site.ports.broker}],
        "password_file": str(_secret(folder / "password", site.passwords[terminal.name])),
        "state_dir": str(site.own(f"{terminal.name}/state")),
        "debug_socket": str(site.debug_socket(terminal.name)),
        "clock_offset_s": site.clock_offset_s,
        "screen": screen,
        "surface": {
            "width_px": terminal.size_px[0],
            "height_px": terminal.size_px[1],
            "width_mm": terminal.width_mm,
            "scale": placed.scale,
            "left": placed.left,
            "top": placed.top,
        },
        "devices": {kind: device(site, terminal.name, kind) for kind in kinds_of(site, terminal)},
    }
    if terminal.window is not None:
        told["window"] = terminal.window
    return _write(folder / "kiosk.toml", told)


def kinds_of(site: Site, terminal: Terminal) -> tuple[str, ...]:
    """Return the kinds of devices that a terminal of this hall has."""
    return (*terminal.devices, *(terminal.extras if site.extras else ()))


def device(site: Site, terminal: str, kind: str) -> dict[str, Any]:
    """Return the driver of one device and the address of its virtual counterpart on the bench."""
    match kind:
        case "id_reader" | "led_bars" | "keypad" | "scanner":
            options: dict[str, Any] = {"port": str(_line(site, terminal, kind))}
        case "card_reader":
            options = {}  # the card service is found by `card_service`
        case "slip_printer":
            options = {"transport": "tcp", "port": _printer_port(site, terminal)}
        case "speaker":
            options = {"outlet": f"tcp:127.0.0.1:{_speaker_port(site, terminal)}"}
        case "sheet_printer":
            options = {"server": f"127.0.0.1:{site.ports.sheets_k1}", "queue": "/ipp/print"}
        case "machine":
            options = dict(ANY_MACHINE)
        case _:
            raise ValueError(f"no virtual device is planned for {kind}")
    if kind == "led_bars":
        options["addresses"] = ",".join(str(address) for address in BAR_ADDRESSES)
    if kind == "speaker" and terminal == HEARD_ALONE:
        options.update(headphones=str(_jack(site)), headphone_outlet=f"tcp:127.0.0.1:{site.ports.headphones_k1}")
    if kind == "keypad":
        options.update(evaluator=2, grades=FIVE_BUTTONS)
    return {"driver": DRIVERS[kind], "options": options}


def write_bench(site: Site) -> Path:
    """Write `bench.toml`: one virtual device for each device of the plan but the computer; return its path."""
    folder = site.own("bench")
    devices = [
        {"name": f"{terminal.name}.{kind}", **_virtual(site, terminal.name, kind)}
        for terminal in TERMINALS
        for kind in kinds_of(site, terminal)
        if kind != MACHINE
    ]
    if site.extras:
        devices += [
            {"name": f"{HEARD_ALONE}.jack", "kind": "headphone_jack", "link": str(_jack(site))},
            {"name": f"{HEARD_ALONE}.headphones", "kind": "speaker", "port": site.ports.headphones_k1},
        ]
    return _write(
        folder / "bench.toml",
        {
            "port": site.ports.bench,
            "token_file": str(_secret(folder / "token", site.bench_token)),
            "people_file": str(site.pack / "people.toml"),
            "device": devices,
        },
    )


def card_service(site: Site) -> dict[str, str]:
    """Return the environment in which a terminal finds the virtual card service."""
    return {"PCSCLITE_CSOCK_NAME": str(_slot(site) / "pcscd" / "pcscd.comm")}


def _virtual(site: Site, terminal: str, kind: str) -> dict[str, Any]:
    match kind:
        case "id_reader":
            return {"kind": "sam", "link": str(_line(site, terminal, kind))}
        case "card_reader":
            return {"kind": "social_card", "link": str(_slot(site))}
        case "slip_printer":
            return {"kind": "printer", "port": _printer_port(site, terminal)}
        case "led_bars":
            addresses = ",".join(str(address) for address in BAR_ADDRESSES)
            return {"kind": "led_bars", "link": str(_line(site, terminal, kind)), "options": {"addresses": addresses}}
        case "keypad":
            return {"kind": "keypads", "link": str(_line(site, terminal, kind))}
        case "scanner":
            return {"kind": "scanner", "link": str(_line(site, terminal, kind))}
        case "sheet_printer":
            return {"kind": "sheet_printer", "port": site.ports.sheets_k1}
        case _:
            return {"kind": "speaker", "port": _speaker_port(site, terminal), "options": {"speed": site.speech_speed}}


def _line(site: Site, terminal: str, kind: str) -> Path:
    return site.own("bench") / f"{terminal}.{kind}"


def _slot(site: Site) -> Path:
    return site.own("bench") / "slot"


def _printer_port(site: Site, terminal: str) -> int:
    return site.ports.printer_k1 if terminal == "K1" else site.ports.printer_d1


def _speaker_port(site: Site, terminal: str) -> int:
    return site.ports.speaker_k1 if terminal == HEARD_ALONE else site.ports.speaker


def _jack(site: Site) -> Path:
    return site.own("bench") / f"{HEARD_ALONE}.jack"


def _pin() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))


def _secret(path: Path, told: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(f"{told}\n")
    return path


def _write(path: Path, told: Mapping[str, Any]) -> Path:
    path.write_text(tomli_w.dumps(told))
    return path
