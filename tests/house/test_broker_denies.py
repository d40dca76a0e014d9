"""What one terminal tries with its own password in the hall's broker, and what a stranger tries; all on a real one."""

import queue
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from deploy.virtual_hall import broker
from deploy.virtual_hall.children import Children
from deploy.virtual_hall.configuration import Site, new_site
from deploy.virtual_hall.opening import listening
from deploy.virtual_hall.waiting import wait_for
from hall.ids import HallId
from hall.wire.codec import MAX_MESSAGE_BYTES

PACK = Path(__file__).parents[2] / "deploy" / "packs" / "qinghe"
LIMIT_S = 60.0
OWN = "hall/qinghe/terminal/K1"
OTHER = "hall/qinghe/terminal/W07"


class Caller:
    """A client that keeps what it hears and what it is told."""

    def __init__(self, site: Site, user: str, password: str | None = None, will: str = "") -> None:
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.settled: queue.Queue[ReasonCode] = queue.Queue()
        self.entered: queue.Queue[bool] = queue.Queue()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5, reconnect_on_failure=False)
        if user:
            self.client.username_pw_set(user, password if password is not None else site.passwords[user])
        if will:
            self.client.will_set(will, b"forged", qos=1)
        self.client.on_message = lambda _client, _data, message: self.heard.put((message.topic, bytes(message.payload)))
        self.client.on_publish = lambda _client, _data, _mid, reason, _more: self.settled.put(reason)
        self.client.on_connect = lambda _client, _data, _flags, reason, _more: self.entered.put(not reason.is_failure)
        self.client.connect("127.0.0.1", site.ports.broker)
        self.client.loop_start()
        self.may_enter = self.entered.get(timeout=LIMIT_S)

    def subscribe(self, topic: str) -> None:
        told: queue.Queue[bool] = queue.Queue()
        self.client.on_subscribe = lambda *_: told.put(True)
        self.client.subscribe(topic, qos=1)
        told.get(timeout=LIMIT_S)

    def publish(self, topic: str, payload: bytes = b"forged", *, retain: bool = False) -> bool:
        """Publish; tell whether the broker took it."""
        self.client.publish(topic, payload, qos=1, retain=retain)
        return not self.settled.get(timeout=LIMIT_S).is_failure

    def leave(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self) -> None:
        """End without a goodbye, so that the broker publishes the will."""
        with suppress(OSError, AttributeError):
            self.client.socket().close()  # type: ignore[union-attr]
        self.client.loop_stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "logs").mkdir()
    broker_folder = Path(tempfile.mkdtemp(prefix="daoyin-test-broker-"))
    made = new_site(folder, broker_folder, PACK, HallId("qinghe"), 0.0)
    children = Children(folder / "logs")
    broker.start(children, broker_folder, made.ports.broker, made.hall, made.passwords)
    wait_for("broker", listening(made.ports.broker), LIMIT_S, alive=children.check)
    yield made
    children.end_all()
    shutil.rmtree(broker_folder)


@pytest.fixture
def server(site: Site) -> Iterator[Caller]:
    caller = Caller(site, "server")
    yield caller
    caller.leave()


@pytest.fixture
def thief(site: Site) -> Iterator[Caller]:
    caller = Caller(site, "K1")
    yield caller
    caller.leave()


@pytest.mark.parametrize(
    ("user", "password"), [("", None), ("K1", ""), ("K1", "guess"), ("nobody", "guess"), ("server", "")]
)
def test_who_does_not_know_the_password_stays_outside(site: Site, user: str, password: str | None) -> None:
    stranger = Caller(site, user, password)
    assert not stranger.may_enter
    stranger.leave()


@pytest.mark.parametrize(
    "topic",
    [
        *(f"{OTHER}/{lane}" for lane in ("up", "ask", "link", "health", "mark", "answer", "down")),
        *(f"{OWN}/{lane}" for lane in ("mark", "answer", "down", "other")),
        *(f"hall/qinghe/{lane}" for lane in ("beat", "board", "pack", "alerts")),
        "hall/qinghe/peers",
        "hall/qinghe/peers/W07",
        "hall/qinghe/peers/K1/deeper",
        "hall/other/terminal/K1/up",
        "hall/qinghe/terminal/K1/up/deeper",
        "anything",
    ],
)
@pytest.mark.parametrize("retain", [False, True])
def test_a_terminal_publishes_nowhere_but_in_its_own_lanes_up(
    site: Site, server: Caller, thief: Caller, topic: str, retain: bool
) -> None:
    server.subscribe("hall/#")
    assert not thief.publish(topic, retain=retain)
    assert thief.publish(f"{OWN}/up", b"mine")
    assert server.heard.get(timeout=LIMIT_S) == (f"{OWN}/up", b"mine")


def test_terminals_hear_each_other_and_each_speaks_in_its_own_name_only(site: Site, thief: Caller) -> None:
    panel = Caller(site, "W07")
    panel.subscribe("hall/qinghe/peers/+")
    assert not thief.publish("hall/qinghe/peers/W14", b"forged")
    assert thief.publish("hall/qinghe/peers/K1", b"said")
    assert panel.heard.get(timeout=LIMIT_S) == ("hall/qinghe/peers/K1", b"said")
    panel.leave()


def test_a_terminal_hears_nothing_that_is_meant_for_another(server: Caller, thief: Caller) -> None:
    for wish in ("#", "hall/#", "hall/qinghe/terminal/+/answer", f"{OTHER}/answer", f"{OTHER}/ask", "$SYS/#"):
        thief.subscribe(wish)
    thief.subscribe("hall/qinghe/beat")
    for topic in (f"{OTHER}/answer", f"{OTHER}/mark", f"{OTHER}/down", f"{OTHER}/ask", "hall/qinghe/other"):
        assert server.publish(topic, b"secret")
    assert server.publish("hall/qinghe/beat", b"last")
    heard: list[tuple[str, bytes]] = []
    while not heard or heard[-1][1] != b"last":
        heard.append(thief.heard.get(timeout=LIMIT_S))
    assert {topic for topic, _ in heard} == {"hall/qinghe/beat"}


def test_a_will_reaches_no_lane_that_its_terminal_may_not_write(site: Site, server: Caller) -> None:
    server.subscribe("hall/#")
    for will in (f"{OTHER}/link", "hall/qinghe/beat"):
        Caller(site, "K1", will=will).vanish()
    Caller(site, "K1", will=f"{OWN}/link").vanish()
    assert server.heard.get(timeout=LIMIT_S) == (f"{OWN}/link", b"forged")
    assert server.heard.empty()


def test_a_message_that_is_larger_than_any_of_ours_does_not_pass(server: Caller, thief: Caller) -> None:
    server.subscribe("hall/#")
    assert thief.publish(f"{OWN}/health", b"x" * MAX_MESSAGE_BYTES)
    assert len(server.heard.get(timeout=LIMIT_S)[1]) == MAX_MESSAGE_BYTES
    shown_the_door: queue.Queue[str] = queue.Queue()
    thief.client.on_disconnect = lambda _client, _data, _flags, reason, _more: shown_the_door.put(str(reason))
    thief.client.publish(f"{OWN}/health", b"x" * (MAX_MESSAGE_BYTES + broker.TOPIC_BYTES), qos=1)
    assert shown_the_door.get(timeout=LIMIT_S) == "Packet too large"
    assert server.heard.empty()


def test_the_brokers_secrets_are_for_its_owner_only(site: Site) -> None:
    paths = (site.broker_folder, *site.broker_folder.iterdir())
    assert [oct(path.stat().st_mode & 0o777) for path in paths if path.stat().st_mode & 0o077] == []
    secrets = (site.broker_folder / "passwords").read_text()
    assert not any(password in secrets for password in site.passwords.values())
