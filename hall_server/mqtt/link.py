"""One connection to the broker, kept alive for ever, under the rules of sync.md 2.1.

Every connection has a fresh paho client, so nothing of an old one (queue, in-flight list, late ack) can reach a new
one. Callbacks only set events, count, or hand the message to `on_message`, which only enqueues.
"""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 15
CONNECT_WAIT_S = 5.0
"""From the first byte to CONNACK and SUBACK."""
RETRY_MIN_S = 0.2
RETRY_MAX_S = 4.0
STOOD_S = 10.0
"""A connection that lived longer ends the growing of pauses."""
WATCH_S = 0.5
SILENCE_S = 5.0
"""With messages in flight and no PUBACK for so long, the client is taken for dead and rebuilt."""
MAX_IN_FLIGHT = 2000
"""Messages without PUBACK; beyond it new ones are not sent (marks and boards follow again, asks are repeated)."""
QOS = 1


@dataclass(frozen=True, slots=True)
class Account:
    """Where the broker is and how we sign in."""

    host: str
    port: int
    username: str
    password: str

    def __repr__(self) -> str:
        return f"Account({self.username}@{self.host}:{self.port})"


class BrokerLink:
    """A publisher and subscriber that comes back by itself. `publish` may be called from any thread."""

    def __init__(
        self,
        *,
        account: Account,
        client_id: str,
        topics: tuple[str, ...],
        on_message: Callable[[str, bytes], None],
        on_ready: Callable[[], None],
        spread: Callable[[], float],
    ) -> None:
        """`spread` returns a random number in [0, 1) for the jitter of reconnects."""
        self._account = account
        self._client_id = client_id
        self._topics = topics
        self._on_message = on_message
        self._on_ready = on_ready
        self._spread = spread
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="mqtt-link", daemon=True)
        self._current: _Connection | None = None
        self._said_lost = False

    @property
    def connected(self) -> bool:
        """Whether messages can be sent now."""
        current = self._current
        return current is not None and current.ready.is_set() and not current.over.is_set()

    def start(self) -> None:
        """Begin to connect; an absent broker is said once and tried for ever."""
        self._thread.start()

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send now or not at all. False when there is no connection: whoever needs it will ask again."""
        current = self._current
        if current is None or not current.ready.is_set() or current.over.is_set():
            return False
        return current.publish(topic, payload)

    def stop(self, timeout_s: float = 3.0) -> None:
        """Say goodbye after what is in flight has gone out."""
        current = self._current
        if current is not None:
            current.drain(timeout_s / 2)
        self._stopping.set()
        self._thread.join(timeout_s)

    def _keep(self) -> None:
        attempt = 0
        while not self._stopping.is_set():
            stood = False
            try:
                stood = self._once()
            except Exception:
                log.exception("the broker connection met a surprise and is made anew")
            attempt = 0 if stood else attempt + 1
            self._stopping.wait(self._pause_s(attempt))

    def _pause_s(self, attempt: int) -> float:
        ceiling = min(RETRY_MAX_S, RETRY_MIN_S * 2 ** min(attempt + 1, 10))
        return float(RETRY_MIN_S + (ceiling - RETRY_MIN_S) * self._spread())

    def _once(self) -> bool:
        """Live through one connection. True if it stood a while (two servers may push each other out)."""
        connection = _Connection(self._account, self._client_id, self._topics, self._on_message)
        why = connection.open()
        if why:
            if not self._said_lost:
                log.warning("the broker at %s:%d is away (%s)", self._account.host, self._account.port, why)
                self._said_lost = True
            connection.close()
            return False
        self._current = connection
        began_s = time.monotonic()
        log.info("the broker at %s:%d is here", self._account.host, self._account.port)
        self._said_lost = False
        self._on_ready()
        while not self._stopping.is_set() and not connection.over.wait(WATCH_S):
            if connection.silent():
                log.warning("the broker acknowledges nothing; the connection is made anew")
                break
        self._current = None
        if not self._stopping.is_set():
            log.warning("the broker at %s:%d was lost", self._account.host, self._account.port)
            self._said_lost = True
        connection.close()
        return time.monotonic() - began_s > STOOD_S


class _Connection:
    """One paho client from connect to disconnect."""

    def __init__(
        self, account: Account, client_id: str, topics: tuple[str, ...], on_message: Callable[[str, bytes], None]
    ) -> None:
        self.ready = threading.Event()
        self.over = threading.Event()
        self._settled = threading.Event()
        self._why = ""
        self._account = account
        self._topics = topics
        self._deliver = on_message
        self._counting = threading.Lock()
        self._sent = 0
        self._acknowledged_count = 0
        self._heard_s = time.monotonic()
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
        )
        self._client.username_pw_set(account.username, account.password)
        self._client.max_inflight_messages_set(0)
        self._client.connect_timeout = CONNECT_WAIT_S
        self._client.on_socket_open = _no_delay
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected
        self._client.on_publish = self._acknowledged
        self._client.on_message = self._received

    def open(self) -> str:
        """Connect and subscribe; return what went wrong, empty when all is well."""
        try:
            self._client.connect(self._account.host, self._account.port, keepalive=KEEP_ALIVE_S, clean_start=True)
        except OSError as error:
            return error.strerror or type(error).__name__
        self._client.loop_start()
        if not self._settled.wait(CONNECT_WAIT_S):
            return "no answer in time"
        return self._why

    @property
    def in_flight(self) -> int:
        """Messages sent on this connection that have no PUBACK yet."""
        return self._sent - self._acknowledged_count

    def publish(self, topic: str, payload: bytes) -> bool:
        """Hand a message to the network thread, unless too many wait for their PUBACK."""
        with self._counting:  # released before paho is called: its callbacks never meet this lock
            if self.in_flight >= MAX_IN_FLIGHT:
                return False
            if self.in_flight <= 0:
                self._heard_s = time.monotonic()
            self._sent += 1
        return self._client.publish(topic, payload, qos=QOS).rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def silent(self) -> bool:
        """Tell whether messages wait for their PUBACK and nothing has been heard for too long."""
        return self.in_flight > 0 and time.monotonic() - self._heard_s > SILENCE_S

    def drain(self, timeout_s: float) -> None:
        """Wait until what was published has been acknowledged, but not longer than told."""
        until = time.monotonic() + timeout_s
        while self.in_flight > 0 and not self.over.is_set() and time.monotonic() < until:
            self.over.wait(0.01)

    def close(self) -> None:
        """Disconnect first, then end the network thread (sync.md 2.1, 14)."""
        with contextlib.suppress(OSError, ValueError):
            self._client.disconnect()
        self._client.loop_stop()

    def _connected(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._settle(str(reason))
        else:
            client.subscribe([(topic, QOS) for topic in self._topics])

    def _subscribed(
        self, _client: Client, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        refused = [str(reason) for reason in reasons if reason.is_failure]
        self._settle(f"subscription refused: {refused[0]}" if refused else "")
        if not refused:
            self.ready.set()

    def _disconnected(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._settle(str(reason))
        self.over.set()

    def _acknowledged(
        self, _client: Client, _data: Any, _mid: int, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._heard_s = time.monotonic()
        self._acknowledged_count += 1
        if reason.is_failure:
            log.warning("the broker refused a message: %s", reason)

    def _received(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self._heard_s = time.monotonic()
        try:
            self._deliver(message.topic, bytes(message.payload))
        except Exception:
            log.exception("a message could not be taken in")

    def _settle(self, why: str) -> None:
        if not self._settled.is_set():
            self._why = why
            self._settled.set()


def _no_delay(_client: Client, _data: Any, opened: Any) -> None:
    """Without this a small answer may wait 40 ms for the delayed ACK of the one before."""
    if isinstance(opened, socket.socket):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
