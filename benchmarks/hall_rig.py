"""A real broker, a real hall server process and bare terminals, on loopback, for benchmarks and tests.

Everything is a child of ours, ends with `close`, and lives in one folder.
"""

import json
import queue
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
import tomli_w
import uuid6
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hall.commands import AnyCommand, AnyReply
from hall.events import Event
from hall.ids import EventId, HallId, RequestId, TerminalId
from hall.wire.board import Board
from hall.wire.codec import encode, hall_topic, peers_topic, speaker_of, terminal_topic
from hall.wire.lanes import Answer, Ask, Beat, Envelope, Link, Mark, Orders, Up
from hall.wire.pack_shown import PackShown
from hall.wire.peers import PeerSaid
from hall_server.keys import create_key_file
from hall_server.staff import hash_pin

ROOT = Path(__file__).resolve().parent.parent
PACK = ROOT / "deploy" / "packs" / "qinghe"
HALL = HallId("qinghe")
TERMINALS = ("K1", "K2", "D1", "W07", "W14", "R14", "S1")
PIN = "2468"
MONDAY = datetime.fromisoformat("2026-11-23T09:30:00+08:00").timestamp()
"""A working Monday of the pack's calendar."""
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin") or "/usr/sbin/mosquitto"
PASSWORD_TOOL = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"
START_WAIT_S = 60.0
"""A loaded machine starts its programs slowly; who waits longer has found a fault."""
END_WAIT_S = 60.0
"""As for a start: a program that is asked to end may have to wait for the processor first."""
HEAR_WAIT_S = 30.0
"""Most answers come within a moment."""
PORTS = range(20_000, 32_000)
"""Below the ports that the system hands out by itself (`ip_local_port_range`): between finding one and listening on it
nobody's outgoing connection takes it, not even one's own attempt to reach it."""
T = TypeVar("T", bound=msgspec.Struct)


def free_port() -> int:
    """Return a port on loopback at which nobody listens now, and that nobody gets by chance."""
    while True:
        port = PORTS[secrets.randbelow(len(PORTS))]
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def new_id() -> str:
    """Return a UUIDv7 as 32 hex digits."""
    return uuid6.uuid7().hex


@dataclass(slots=True)
class Rig:
    """One hall on this machine."""

    folder: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)
    terminals: tuple[str, ...] = TERMINALS
    broker: subprocess.Popen[bytes] | None = None
    server: subprocess.Popen[bytes] | None = None
    clients: list["Terminal"] = field(default_factory=list)

    def furnish(self, staff: tuple[str, ...] = ("0101", "0304", "0310"), **settings: Any) -> Path:
        """Write settings, key, PINs and passwords; return the settings file."""
        create_key_file(self.folder / "server.key", secrets.token_bytes(32))
        pins = {who: hash_pin(PIN, secrets.token_bytes(16)) for who in staff}
        (self.folder / "staff_pins.json").write_text(json.dumps(pins), encoding="utf-8")
        (self.folder / "broker-password").write_text(self.password, encoding="utf-8")
        told = {
            "environment": "test",
            "hall": HALL,
            "pack": str(PACK),
            "ledger": "ledger.sqlite",
            "key_file": "server.key",
            "staff_pins": "staff_pins.json",
            "clock_offset_s": MONDAY - time.time(),  # noqa: TID251 - the rig decides what time it is in its hall
            "broker": {"port": self.port, "password_file": "broker-password"},
            "records": {"source": "demo", "people": str(PACK / "people.toml")},
            **settings,
        }
        config = self.folder / "hall_server.toml"
        config.write_text(tomli_w.dumps(told), encoding="utf-8")
        return config

    def start_broker(self) -> None:
        """Start mosquitto with a password and an ACL for each terminal."""
        passwords = self.folder / "passwords"
        passwords.write_text("".join(f"{who}:{self.password}\n" for who in ("server", *self.terminals)))
        subprocess.run([PASSWORD_TOOL, "-U", str(passwords)], check=True, capture_output=True)
        acl = ["user server", "topic readwrite hall/#"]
        for who in self.terminals:
            own = f"hall/{HALL}/terminal/{who}"
            acl += [f"user {who}", *(f"topic write {own}/{lane}" for lane in ("up", "ask", "link", "health"))]
            acl += [f"topic read {own}/{lane}" for lane in ("mark", "answer", "down")]
            acl += [f"topic read hall/{HALL}/{lane}" for lane in ("board", "pack", "beat", "alerts", "peers/+")]
            acl.append(f"topic write hall/{HALL}/peers/{who}")
        (self.folder / "acl").write_text("\n".join(acl) + "\n")
        (self.folder / "mosquitto.conf").write_text(
            f"user root\nlistener {self.port} 127.0.0.1\nallow_anonymous false\npersistence false\n"
            f"password_file {passwords}\nacl_file {self.folder / 'acl'}\nset_tcp_nodelay true\n"
            "max_queued_messages 0\nlog_dest none\n"
        )
        for file in (passwords, self.folder / "acl"):
            file.chmod(0o600)
        command = [MOSQUITTO, "-c", str(self.folder / "mosquitto.conf")]
        self.broker = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        until = time.monotonic() + START_WAIT_S
        while True:
            if self.broker.poll() is not None:
                raise RuntimeError(f"the broker has ended at its start: status {self.broker.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if time.monotonic() > until:
                    raise
                select_pause()
            else:
                return

    def start_server(self, *command: str) -> None:
        """Start the hall server process (or another program that takes its place)."""
        program = command or ("-m", "hall_server")
        log = (self.folder / "server.log").open("ab")
        with log:
            self.server = subprocess.Popen(
                [sys.executable, *program, "--config", str(self.folder / "hall_server.toml")],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )

    def kill_server(self) -> None:
        """End the server as a power cut would: SIGKILL."""
        if self.server is not None:
            self.server.kill()
            self.server.wait(END_WAIT_S)

    def stop_server(self) -> int:
        """Ask the server to end (SIGTERM) and return its exit status."""
        if self.server is None:
            return 0
        self.server.terminate()
        return self.server.wait(END_WAIT_S)

    def terminal(self, name: str, epoch: int = 1) -> "Terminal":
        """Connect a bare terminal."""
        client = Terminal(TerminalId(name), self.port, self.password, epoch)
        self.clients.append(client)
        return client

    def log(self) -> str:
        """Return what the server has said so far."""
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def close(self) -> None:
        """End everything that was started."""
        for client in self.clients:
            client.close()
        for process in (self.server, self.broker):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(END_WAIT_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(END_WAIT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def select_pause() -> None:
    """Wait a moment for another process."""
    time.sleep(0.02)


class Terminal:
    """A terminal reduced to its wire: mints events, asks, and keeps what it hears."""

    def __init__(self, name: TerminalId, port: int, password: str, epoch: int) -> None:
        self.name = name
        self.epoch = epoch
        self.seq = 0
        self.heard: queue.Queue[tuple[float, msgspec.Struct]] = queue.Queue()
        self._kinds: dict[str, type[msgspec.Struct]] = {
            terminal_topic(HALL, name, "mark"): Mark,
            terminal_topic(HALL, name, "answer"): Answer,
            terminal_topic(HALL, name, "down"): Orders,
            hall_topic(HALL, "board"): Board,
            hall_topic(HALL, "pack"): PackShown,
            hall_topic(HALL, "beat"): Beat,
            peers_topic(HALL, TerminalId("+")): PeerSaid,
        }
        self._subscribed: queue.Queue[bool] = queue.Queue()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=f"{name}-{new_id()[-6:]}", protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.username_pw_set(name, password)
        self._client.max_inflight_messages_set(0)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._subscribed.put(True)
        self._client.on_socket_open = _no_delay
        self._client.connect("127.0.0.1", port, keepalive=15)
        self._client.loop_start()
        until = time.monotonic() + START_WAIT_S
        while not self._client.is_connected():
            if time.monotonic() > until:
                raise TimeoutError(f"{name} was not let in by the broker in {START_WAIT_S} s")
            select_pause()
        self._client.subscribe([(topic, 1) for topic in self._kinds])
        self._subscribed.get(timeout=START_WAIT_S)

    def hello(self) -> None:
        """Say that this terminal is ready."""
        self.send("link", encode(Link(state="ready", epoch=self.epoch, role="test")))

    def mint(self, event: Event, at: float = MONDAY, event_id: str | None = None) -> Envelope:
        """Give an event the next sequence of this epoch."""
        self.seq += 1
        return Envelope(
            device=self.name,
            epoch=self.epoch,
            seq=self.seq,
            event_id=EventId(event_id or new_id()),
            at=at,
            event=event,
        )

    def send_up(self, *envelopes: Envelope) -> None:
        """Publish events."""
        self.send("up", encode(Up(events=[msgspec.Raw(encode(one)) for one in envelopes])))

    def send(self, lane: str, payload: bytes) -> None:
        """Publish any bytes on one of this terminal's lanes."""
        self._client.publish(terminal_topic(HALL, self.name, lane), payload, qos=1)

    def ask(
        self, command: AnyCommand, request: str | None = None, after: int = 0, wait_s: float = HEAR_WAIT_S
    ) -> tuple[RequestId, float]:
        """Ask; return the request id and when it was sent (monotonic seconds)."""
        told = RequestId(request or new_id())
        question = Ask(request=told, after_epoch=self.epoch, after_seq=after, wait_s=wait_s, command=command)
        sent_s = time.monotonic()
        self.send("ask", encode(question))
        return told, sent_s

    def reply(
        self, command: AnyCommand, request: str | None = None, after: int = 0, wait_s: float = HEAR_WAIT_S
    ) -> tuple[AnyReply, float]:
        """Ask and wait; return the reply and how long it took in seconds."""
        told, sent_s = self.ask(command, request, after, wait_s)
        answer, heard_s = self.wait(Answer, lambda one: one.request == told, wait_s + 2)
        return answer.reply, heard_s - sent_s

    def marked(self, timeout_s: float = HEAR_WAIT_S) -> Mark:
        """Wait until the server holds everything that this terminal has minted."""
        return self.wait(Mark, lambda one: one.marks.get(str(self.epoch), 0) >= self.seq, timeout_s)[0]

    def wait(self, kind: type[T], fits: Callable[[T], bool], timeout_s: float = HEAR_WAIT_S) -> tuple[T, float]:
        """Return the next message of a kind that fits, and when it was heard; others before it are dropped."""
        until = time.monotonic() + timeout_s
        while True:
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise TimeoutError(f"{self.name} heard no such {kind.__name__} in {timeout_s} s")
            try:
                heard_s, message = self.heard.get(timeout=left_s)
            except queue.Empty:
                continue
            if isinstance(message, kind) and fits(message):
                return message, heard_s

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        heard_s = time.monotonic()
        topic = message.topic if speaker_of(message.topic) is None else peers_topic(HALL, TerminalId("+"))
        self.heard.put((heard_s, msgspec.json.decode(message.payload, type=self._kinds[topic])))


def _no_delay(_client: Client, _data: object, opened: Any) -> None:
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
