"""The MQTT adapter: one fresh paho client per connection, so nothing is ever queued inside paho.

Keeps the rules measured in the sync reference, 2.1: callbacks only enqueue; the window is ours; every reason
code is checked, also of a PUBACK; the network thread is watched; reconnects are ours and jittered; clean start.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from hall.ids import TerminalId
from kiosk.settings import Broker
from kiosk.sync.news import Log

KEEP_ALIVE_S: Final = 15
CONNECT_LIMIT_S: Final = 5.0
"""For the TCP connection, and again for the broker's answer."""
RETRY_MIN_S: Final = 0.2
RETRY_MAX_S: Final = 4.0
"""200 terminals come back within 4 s, without a herd (reference 4.4)."""
WATCH_EVERY_S: Final = 0.5
WINDOW_MESSAGES: Final = 50
"""QoS 1 messages without PUBACK; more are refused and tried again later by those who sent them."""
STOP_LIMIT_S: Final = 3.0
WITH_WILL: Final = ReasonCode(PacketTypes.DISCONNECT, identifier=0x04)
"""Leaving in order also tells the hall: the broker publishes the will."""
RETURN_EVERY_S: Final = 10.0
"""On a later broker without a server, an earlier one is looked for this often."""
PROBE_LIMIT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """Connected and subscribed."""

    generation: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The connection of this generation is over."""

    generation: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A message."""

    generation: int
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Settled:
    """The broker answered a publish; `accepted` False is a refusal (an ACL mistake looks like this, 0x87)."""

    generation: int
    mid: int
    accepted: bool
    reason: int


Happening = Opened | Closed | Heard | Settled


class Link:
    """Keeps a connection to one of the brokers. `tell` is called from network threads and must only enqueue.

    `publish`, `heed` and the rest but `start`/`stop` belong to the one thread that drains what `tell` enqueued.
    """

    def __init__(
        self,
        *,
        brokers: Sequence[Broker],
        terminal: TerminalId,
        password_file: Path,
        topics: Sequence[str],
        will: tuple[str, bytes],
        tell: Callable[[Happening], None],
        jitter: Callable[[float, float], float],
        log: Log,
    ) -> None:
        self._brokers = tuple(brokers)
        self._terminal = terminal
        self._password_file = password_file
        self._topics = tuple(topics)
        self._will = will
        self._tell = tell
        self._jitter = jitter
        self._log = log
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name=f"link-{terminal}", daemon=True)
        self._generation = 0
        self._client: mqtt.Client | None = None
        self._open_generation: int | None = None
        self._unsettled: set[int] = set()
        self._said = ""
        self.unheard = False
        """Set by the owner while the hall server is not heard on this connection."""
        self.look_back_s = RETURN_EVERY_S

    def start(self) -> None:
        """Begin connecting; never fails, never ends by itself."""
        self._keeper.start()

    def stop(self) -> None:
        """Disconnect in order and end the threads, within `STOP_LIMIT_S`."""
        self._stopping.set()
        if self._keeper.is_alive():
            self._keeper.join(STOP_LIMIT_S)

    @property
    def is_open(self) -> bool:
        """Whether messages can be published now."""
        return self._open_generation is not None

    def heed(self, happening: Opened | Closed | Settled) -> bool:
        """Take a happening that `tell` reported; False when it is of a connection that is over."""
        if isinstance(happening, Opened):
            if happening.generation != self._generation:
                return False
            self._open_generation = happening.generation
            self._unsettled.clear()
            return True
        if happening.generation != self._open_generation:
            return False
        if isinstance(happening, Closed):
            self._open_generation = None
        else:
            self._unsettled.discard(happening.mid)
        return True

    def publish(self, topic: str, payload: bytes, *, lossy: bool = False) -> bool:
        """Hand one message to the broker; False when there is none, or the window is full."""
        client = self._client
        if client is None or self._open_generation is None or self._open_generation != self._generation:
            return False
        if not client.is_connected():
            return False
        if not lossy and len(self._unsettled) >= WINDOW_MESSAGES:
            return False
        told = client.publish(topic, payload, qos=0 if lossy else 1)
        if told.rc != mqtt.MQTT_ERR_SUCCESS:
            return False
        if not lossy:
            self._unsettled.add(told.mid)
        return True

    # ---- the keeper's thread -------------------------------------------------------------------------------------

    def _keep(self) -> None:
        place = 0
        while not self._stopping.is_set():
            held = self._hold(place)
            place = 0 if held else (place + 1) % len(self._brokers)
            self._stopping.wait(self._jitter(RETRY_MIN_S, RETRY_MAX_S))

    def _hold(self, place: int) -> bool:
        """Connect and stay until the connection ends; True when there was one."""
        broker = self._brokers[place]
        self._generation += 1
        course = _Course()
        try:
            client = self._new_client(self._generation, course)
            client.connect(broker.host, broker.port, keepalive=KEEP_ALIVE_S, clean_start=True)
        except (OSError, ValueError) as error:
            self._say("broker_unreachable", broker, type(error).__name__)
            return False
        self._client = client
        client.loop_start()
        course.answered.wait(CONNECT_LIMIT_S)
        if course.opened:
            self._say("broker_reached", broker, "")
            self._stay(place, course, _network_thread(self._terminal))
        else:
            self._say("broker_unreachable", broker, "refused" if course.answered.is_set() else "silent")
        self._client = None
        client.disconnect(WITH_WILL)
        client.loop_stop()
        self._tell(Closed(self._generation))
        if course.opened and not self._stopping.is_set():
            self._say("broker_lost", broker, "")
        return course.opened

    def _stay(self, place: int, course: "_Course", network: threading.Thread | None) -> None:
        """Watch the connection until it ends, its thread dies, or a better broker is back."""
        waited_s = 0.0
        while not self._stopping.is_set() and not course.ended.wait(WATCH_EVERY_S):
            if network is not None and not network.is_alive():
                self._log.warning("network_thread_died", host=self._brokers[place].host)
                return
            waited_s = waited_s + WATCH_EVERY_S if place and self.unheard else 0.0
            if waited_s >= self.look_back_s:
                waited_s = 0.0
                if any(_reachable(broker) for broker in self._brokers[:place]):
                    return

    def _new_client(self, generation: int, course: "_Course") -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, self._terminal, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        client.connect_timeout = CONNECT_LIMIT_S
        client.max_inflight_messages_set(0)  # the window is ours
        password = self._password_file.read_text(encoding="utf-8").strip()
        client.username_pw_set(self._terminal, password)
        client.will_set(*self._will, qos=1)

        def on_connect(_client: mqtt.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
            if reason.is_failure:
                course.end()
            else:
                client.subscribe([(topic, 1) for topic in self._topics])

        def on_subscribe(_client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
            for topic, reason in zip(self._topics, reasons, strict=False):
                if reason.is_failure:
                    self._log.warning("subscription_refused", topic=topic, reason=reason.value)
            self._tell(Opened(generation))
            course.open()

        def on_disconnect(*_told: Any) -> None:
            course.end()

        def on_publish(_client: mqtt.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
            self._tell(Settled(generation, mid, not reason.is_failure, reason.value))

        def on_message(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
            self._tell(Heard(generation, message.topic, bytes(message.payload)))

        def on_socket_open(_client: mqtt.Client, _data: Any, sock: Any) -> None:
            # without this a question waits some 40 ms for the TCP acknowledgement of the events sent before it
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        client.on_socket_open = on_socket_open
        client.on_connect, client.on_subscribe = on_connect, on_subscribe
        client.on_disconnect, client.on_publish, client.on_message = on_disconnect, on_publish, on_message
        return client

    def _say(self, what: str, broker: Broker, detail: str) -> None:
        """Say lost once and back once, however often it is tried in between."""
        if what == self._said or (what == "broker_unreachable" and self._said == "broker_lost"):
            return
        self._said = what
        write = self._log.info if what == "broker_reached" else self._log.warning
        write(what, host=broker.host, port=broker.port, detail=detail)


class _Course:
    """How one connection goes: first an answer, open or not, later its end."""

    def __init__(self) -> None:
        self.answered, self.ended = threading.Event(), threading.Event()
        self.opened = False

    def open(self) -> None:
        self.opened = True
        self.answered.set()

    def end(self) -> None:
        self.ended.set()
        self.answered.set()


def _reachable(broker: Broker) -> bool:
    """Tell whether something listens there."""
    try:
        with socket.create_connection((broker.host, broker.port), PROBE_LIMIT_S):
            return True
    except OSError:
        return False


def _network_thread(terminal: TerminalId) -> threading.Thread | None:
    """Find the thread paho started last; it is named after the client id."""
    name = f"paho-mqtt-client-{terminal}"
    return next((thread for thread in reversed(threading.enumerate()) if thread.name == name), None)
