"""The hall server as a process behind a real broker: what terminals are promised over the wire."""

import json
import subprocess
import sys
from collections.abc import Iterator

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY, ROOT, Rig, Terminal, new_id
from hall.commands import Called, CallNext, Done, Leased, LeaseLabel, OrderSelfTest, Refused, SignedIn, SignIn
from hall.errors import Reason
from hall.events import HelpRequested, SelfTestEnded, TicketIssued
from hall.ids import EventId, ItemCode, StaffId, TerminalId, TicketId, WindowId
from hall.wire.board import Board
from hall.wire.codec import encode
from hall.wire.lanes import Beat, Envelope, Mark, Orders, Up
from hall.wire.pack_shown import PackShown
from hall_server.ledger import audit
from hall_server.ledger.store import open_ledger
from tests.hall_server.conftest import meet, sealed_pin

PENSION = ItemCode("SI-301")


def take_ticket(kiosk: Terminal, request: str | None = None) -> tuple[Leased, Envelope]:
    """Lease and mint as a kiosk does; the envelope is not sent yet."""
    leased, _ = kiosk.reply(LeaseLabel(ticket=TicketId(new_id()), item=PENSION), request=request)
    assert isinstance(leased, Leased)
    issued = TicketIssued(
        ticket=leased.ticket,
        day=leased.day,
        series=leased.series,
        number=leased.number,
        label=leased.label,
        item=PENSION,
        issued_at=MONDAY,
        quote=leased.quote,
    )
    return leased, kiosk.mint(issued)


def held(rig: Rig, kind: str) -> list[dict[str, object]]:
    """Return the events of one kind in the ledger, after checking its chain."""
    ledger = open_ledger(rig.folder / "ledger.sqlite")
    try:
        assert audit.verify(ledger).broken_at is None
        return [json.loads(entry.body) for entry in ledger.entries() if entry.kind == kind]
    finally:
        ledger.close()


def quarantined(rig: Rig) -> list[tuple[str, bytes]]:
    ledger = open_ledger(rig.folder / "ledger.sqlite")
    try:
        return [(row.terminal, row.raw) for row in ledger.quarantine()]
    finally:
        ledger.close()


def acknowledged_then_killed(rig: Rig, *server: str) -> tuple[Terminal, Leased]:
    """Have a ticket acknowledged, kill the server at once, and start a new one on the same ledger."""
    rig.furnish(staff=())
    rig.start_broker()
    rig.start_server(*server)
    kiosk = meet(rig, "K1")
    leased, envelope = take_ticket(kiosk, request="r1")
    kiosk.send_up(envelope)
    kiosk.marked()
    rig.kill_server()
    rig.start_server()
    kiosk.wait(Beat, lambda _: True, 20)
    return kiosk, leased


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One hall for the tests that leave it standing; each comes with an epoch of its own."""
    with Rig(tmp_path_factory.mktemp("hall")) as rig:
        rig.furnish(staff=("0303", "0101"))
        rig.start_broker()
        rig.start_server()
        yield rig


def test_a_visit_goes_over_the_wire_from_the_label_to_the_call(shared: Rig) -> None:
    kiosk, panel, display = meet(shared, "K1", 5), meet(shared, "W07"), meet(shared, "S1")
    leased, envelope = take_ticket(kiosk)
    kiosk.send_up(envelope)
    kiosk.marked()
    clerk, window = StaffId("0303"), WindowId("7")
    signed, _ = panel.reply(SignIn(staff=clerk, sealed_pin=sealed_pin(shared, panel.name, clerk), window=window))
    assert isinstance(signed, SignedIn)
    called, _ = panel.reply(CallNext(window=window, staff=clerk))
    assert isinstance(called, Called)
    board, _ = display.wait(Board, lambda one: bool(one.calls))
    assert board.calls[-1].label == called.label
    assert [event["ticket"] for event in held(shared, "TicketCalled")] == [called.ticket]
    assert leased.ticket in [event["ticket"] for event in held(shared, "TicketIssued")]


def test_a_hello_brings_marks_board_and_pack(shared: Rig) -> None:
    kiosk = meet(shared, "R14")
    kiosk.send_up(kiosk.mint(HelpRequested(terminal=kiosk.name, step="home", at=MONDAY)))
    kiosk.marked()
    again = shared.terminal("R14")
    again.hello()
    heard: dict[str, object] = {}
    while not heard.keys() >= {"Mark", "Board", "PackShown", "Orders"}:
        _, message = again.heard.get(timeout=60)
        heard[type(message).__name__] = message
    assert isinstance(heard["Mark"], Mark)
    assert heard["Mark"].marks["1"] == 1
    assert isinstance(heard["PackShown"], PackShown)
    assert heard["PackShown"].version == again.wait(Beat, lambda _: True)[0].pack_version


def test_an_order_reaches_its_terminal_at_once_and_again_at_its_next_hello(shared: Rig) -> None:
    kiosk, desk = meet(shared, "K2"), meet(shared, "D1")
    guide = StaffId("0101")
    signed, _ = desk.reply(SignIn(staff=guide, sealed_pin=sealed_pin(shared, desk.name, guide)))
    assert isinstance(signed, SignedIn)
    assert desk.reply(OrderSelfTest(terminal=kiosk.name, staff=guide))[0] == Done()
    (order,) = kiosk.wait(Orders, lambda told: bool(told.orders))[0].orders
    assert order.kind == "self_test"
    later = meet(shared, "K2", 2)
    later.hello()
    assert later.wait(Orders, lambda told: bool(told.orders))[0].orders == (order,)
    later.send_up(later.mint(SelfTestEnded(terminal=kiosk.name, number=order.number, at=MONDAY, tested=())))
    assert later.wait(Orders, lambda told: not told.orders)[0].orders == ()


@pytest.mark.row("LED-07", part="face")
def test_the_same_message_sent_twice_over_the_wire_makes_one_record(shared: Rig) -> None:
    kiosk = meet(shared, "K2", 3)
    leased, envelope = take_ticket(kiosk)
    kiosk.send_up(envelope)
    kiosk.marked()
    kiosk.send_up(envelope)
    kiosk.send_up(envelope, envelope)
    assert kiosk.marked().marks["3"] == 1
    assert [event["ticket"] for event in held(shared, "TicketIssued")].count(leased.ticket) == 1
    assert "K2" not in {terminal for terminal, _ in quarantined(shared)}


def test_garbage_on_any_lane_is_kept_and_stops_nobody(shared: Rig) -> None:
    kiosk = meet(shared, "K1", 4)
    garbage = [
        b"",
        b"\x00\xff\xfe",
        b"{",
        b"[[[[" * 2000,
        b'{"events":[1,"x",{}]}',
        "票".encode("gb18030"),
        b"x" * 300_000,
    ]
    for lane in ("up", "ask", "link", "health"):
        for payload in garbage:
            kiosk.send(lane, payload)
    stranger = Envelope(
        device=TerminalId("K2"),
        epoch=1,
        seq=1,
        event_id=EventId(new_id()),
        at=MONDAY,
        event=HelpRequested(terminal=kiosk.name, step="home", at=MONDAY),
    )
    kiosk.send_up(stranger)
    huge = msgspec.json.encode(stranger).replace(b'"K2"', b'"K1"').replace(b'"seq":1', b'"seq":99999999999999999999')
    kiosk.send("up", encode(Up(events=[msgspec.Raw(huge)])))
    kiosk.send_up(kiosk.mint(HelpRequested(terminal=kiosk.name, step="home", at=MONDAY)))
    kiosk.marked()
    leased, _ = kiosk.reply(LeaseLabel(ticket=TicketId(new_id()), item=PENSION))
    assert isinstance(leased, Leased)
    kept = quarantined(shared)
    assert len(kept) == 4 * len(garbage) + 2 + 2  # one message held three unreadable events
    assert {terminal for terminal, _ in kept} == {"K1"}
    assert b"\x00\xff\xfe" in {raw for _, raw in kept}
    assert [event["terminal"] for event in held(shared, "HelpRequested")].count("K1") == 1
    assert "Traceback" not in shared.log()


def test_a_terminal_that_may_not_ask_is_refused_over_the_wire(shared: Rig) -> None:
    display = meet(shared, "S1")
    refused, _ = display.reply(LeaseLabel(ticket=TicketId(new_id()), item=PENSION))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_ALLOWED


def test_what_was_acknowledged_survives_a_kill_and_is_answered_alike(rig: Rig) -> None:
    kiosk, leased = acknowledged_then_killed(rig)
    assert [event["ticket"] for event in held(rig, "TicketIssued")] == [leased.ticket]
    again, _ = kiosk.reply(LeaseLabel(ticket=leased.ticket, item=PENSION), request="r1")
    assert again == leased
    other, _ = take_ticket(kiosk)
    assert other.number == leased.number + 1
    assert rig.stop_server() == 0


def test_the_harness_catches_a_server_that_acknowledges_before_it_commits(rig: Rig) -> None:
    _, leased = acknowledged_then_killed(rig, "-m", "tests.hall_server.acknowledges_too_early")
    assert leased.ticket not in [event["ticket"] for event in held(rig, "TicketIssued")]


def wait_for_log(rig: Rig, words: str) -> None:
    """Wait until the server's log holds the words, by way of a follower process that ends by itself."""
    follow = f"timeout 20 tail -n +1 -F {rig.folder / 'server.log'} 2>/dev/null | grep -q -m1 '{words}'"
    subprocess.run(["bash", "-c", follow], check=False)
    assert words in rig.log()


def test_a_broker_that_is_away_is_said_once_and_found_whenever_it_comes(rig: Rig) -> None:
    rig.furnish(staff=())
    rig.start_server()
    wait_for_log(rig, "is away")
    rig.start_broker()
    first, _ = take_ticket(meet(rig, "K1"))
    assert first.number == 1
    assert rig.log().count("is away") == 1
    assert rig.broker is not None
    rig.broker.terminate()
    rig.broker.wait(60)
    wait_for_log(rig, "was lost")
    rig.start_broker()
    second, _ = take_ticket(meet(rig, "K2"))
    assert second.number == 2
    assert "Traceback" not in rig.log()


def test_a_wrong_pack_ends_the_start_with_a_sentence(rig: Rig) -> None:
    broken = rig.folder / "pack"
    broken.mkdir()
    (broken / "hall.toml").write_text("title = 3")
    config = rig.furnish(staff=(), pack=str(broken))
    done = subprocess.run(
        [sys.executable, "-m", "hall_server", "--config", str(config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
