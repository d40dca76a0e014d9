"""A private mosquitto and a small strict ledger behind it, for tests against the real wire."""

import contextlib
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.hall_rig import free_port
from hall.commands import AnyCommand, AnyReply, Leased, LeaseLabel
from hall.ids import AreaId, Series, TicketLabel, WindowId
from hall.wire.codec import decode, encode, hall_topic, terminal_topic
from hall.wire.lanes import Answer, Ask, Link, Mark
from tests.sync.ledger_model import LedgerModel
from tests.sync.samples import HALL, K1, MONDAY, QUOTE, beat, board, pack

LIMIT_S = 60.0
"""Nothing in these tests may take longer."""
BEAT_EVERY_S = 0.2


def until(happened: Callable[[], object], what: str) -> None:
    """Wait until something is so, or fail by name."""
    pause = threading.Event()
    end = time.monotonic() + LIMIT_S
    while not happened():
        assert time.monotonic() < end, f"{what} did not happen in {LIMIT_S} s"
        pause.wait(0.01)


class Mosquitto:
    """A broker that stores nothing; it can be killed and started again on its port."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        passwords, config = folder / "passwords", folder / "mosquitto.conf"
        for user in (K1, "server"):
            create = ["-c"] if user == K1 else []
            subprocess.run(["mosquitto_passwd", "-b", *create, str(passwords), user, "secret"], check=True)
        config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
            "persistence false\nuser root\nlog_dest none\nset_tcp_nodelay true\n",
            encoding="utf-8",
        )
        self._config, self._rights = config, folder / "rights"
        self._process: subprocess.Popen[bytes] | None = None

    def forbid(self, lane: str) -> None:
        """From the next start on, the terminal may publish on every lane but this."""
        lanes = [each for each in ("up", "ask", "link", "health") if each != lane]
        allowed = [f"topic write {terminal_topic(HALL, K1, each)}\n" for each in lanes]
        self._rights.write_text(f"user {K1}\ntopic read #\n{''.join(allowed)}user server\ntopic #\n", encoding="utf-8")
        with self._config.open("a", encoding="utf-8") as config:
            config.write(f"acl_file {self._rights}\n")

    def freeze(self, *, frozen: bool) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def start(self) -> None:
        self._process = subprocess.Popen(["mosquitto", "-c", str(self._config)])
        until(self._listens, "mosquitto listening")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "mosquitto has ended at its start"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5):
            return True
        return False


@dataclass
class FakeServer:
    """Beats, greets, takes events strictly and answers; misbehaves on command. Its own thread does all the work."""

    port: int
    ledger: LedgerModel = field(default_factory=LedgerModel)
    answers: bool = True
    marks: bool = True
    hellos: list[Link] = field(default_factory=list)
    asked: list[Ask] = field(default_factory=list)
    decide: Callable[[AnyCommand], AnyReply] | None = None

    def __post_init__(self) -> None:
        self._inbox: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
        self._numbers = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, "server", protocol=mqtt.MQTTv5)
        self._client.username_pw_set("server", "secret")
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._connected
        self._client.on_message = self._heard
        self._client.on_socket_open = self._hurry

    def start(self) -> None:
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        self._thread.start()

    def stop(self) -> None:
        self._inbox.put(None)
        self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, lane: str, payload: bytes) -> None:
        own = lane in ("mark", "answer", "down")
        self._client.publish(terminal_topic(HALL, K1, lane) if own else hall_topic(HALL, lane), payload, qos=1)

    def say_mark(self, mark: Mark) -> None:
        self.say("mark", encode(mark))

    def answer(self, ask: Ask) -> None:
        self.say("answer", encode(Answer(request=ask.request, ledger_epoch=1, reply=self._reply(ask.command))))

    def _connected(self, client: mqtt.Client, *_told: Any) -> None:
        client.subscribe([(terminal_topic(HALL, K1, lane), 1) for lane in ("up", "ask", "link", "health")])

    def _hurry(self, _client: mqtt.Client, _data: Any, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _heard(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._inbox.put((message.topic, bytes(message.payload)))

    def _work(self) -> None:
        beat_at = 0.0
        while True:
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + BEAT_EVERY_S
                self.say("beat", beat(self.ledger.ledger_epoch))
            try:
                message = self._inbox.get(timeout=max(0.0, beat_at - time.monotonic()))
            except queue.Empty:
                continue
            if message is None:
                return
            self._take(message[0].rpartition("/")[2], message[1])

    def _take(self, lane: str, payload: bytes) -> None:
        match lane:
            case "up":
                mark = self.ledger.take(payload)
                if self.marks:
                    self.say_mark(mark)
            case "ask":
                ask = decode(Ask, payload, lane)
                self.asked.append(ask)
                if self.answers:
                    self.answer(ask)
            case "link":
                self._greet(decode(Link, payload, lane))

    def _greet(self, link: Link) -> None:
        self.hellos.append(link)
        if link.state == "ready":
            self.say_mark(self.ledger.mark())
            self.say("pack", encode(pack(701, 799)))
            self.say("board", encode(board(ledger_epoch=self.ledger.ledger_epoch)))

    def _reply(self, command: AnyCommand) -> AnyReply:
        if self.decide is not None:
            return self.decide(command)
        assert isinstance(command, LeaseLabel)
        self._numbers += 1
        return Leased(
            ticket=command.ticket,
            day=MONDAY,
            series=Series("A"),
            number=self._numbers,
            label=TicketLabel(f"A{self._numbers:03d}"),
            windows=(WindowId("7"),),
            area=AreaId("east"),
            quote=QUOTE,
        )


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[Mosquitto]:
    """A running broker, gone afterwards."""
    mosquitto = Mosquitto(folder)
    mosquitto.start()
    try:
        yield mosquitto
    finally:
        mosquitto.kill()


@contextlib.contextmanager
def server(port: int) -> Iterator[FakeServer]:
    """A running server, gone afterwards."""
    fake = FakeServer(port)
    fake.start()
    try:
        yield fake
    finally:
        fake.stop()
