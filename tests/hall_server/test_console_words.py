from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from sqlalchemy import text

from hall import look
from hall.commands import OutOfOrder
from hall.day.examining import Flag
from hall.events import Event
from hall.health.states import SILENT, State
from hall.ids import TerminalId
from hall.pack.equipment import DeviceKind
from hall.pack.hall_pack import HallPack
from hall.pack.tables import Limits
from hall.people.holders import Proof
from hall.queue.disciplines import Ground
from hall.queue.tickets import TicketState
from hall.wire.shown import StaffingShown
from hall_server.console import moments, words
from hall_server.console.stylesheet import tokens_css
from hall_server.health.absence import ABSENT
from hall_server.ledger.entries import Act, Batch
from hall_server.ledger.store import Ledger
from hall_server.writer.quarantine import RELEASED
from kiosk.ports import Fault
from kiosk.speech import Unsaid
from tests.hall_server.conftest import Desk, HandWriter
from tests.hall_server.console_hall import Hall


@pytest.fixture
def hall(pack: HallPack, ledger: Ledger, writer: HandWriter) -> Hall:
    return Hall(pack, ledger, writer)


def test_every_event_state_flag_and_role_has_a_chinese_word() -> None:
    kinds = {kind.__name__ for kind in get_args(Event)}
    assert set(words.KINDS) == kinds
    assert set(words.STATES) == set(words.SHAPES) == set(State)
    assert set(words.TICKETS) == set(TicketState)
    assert set(words.FLAGS) == {flag.value for flag in Flag}


def test_every_fault_device_rule_and_reason_has_a_chinese_word() -> None:
    for code in (*(fault.value for fault in Fault), ABSENT, SILENT):
        assert code in words.CODES
    for kind in get_args(DeviceKind):
        assert words.device(kind) != kind
    assert set(words.OUT_OF_ORDER) == {reason.value for reason in OutOfOrder}
    assert set(words.GROUNDS) == {ground.value for ground in Ground}
    assert set(words.RULES) == set(get_args(get_type_hints(Limits)["discipline"]))
    assert set(words.PROOFS) == {proof.value for proof in Proof}
    assert set(words.UNSPOKEN) >= {why.value for why in Unsaid}
    assert set(words.ACTS) == {act.value for act in Act}
    assert words.flag(RELEASED) == "隔离后补记"
    assert set(words.PRESSING) == set(get_args(get_type_hints(StaffingShown)["kind"]))


@pytest.mark.parametrize("name", ["paper", "cover_open", "cutter_error", "line_open", "sam_id", "service", "reader"])
def test_what_drivers_read_has_a_chinese_name(name: str) -> None:
    assert words.reading(name) != name
    assert words.reading("14") == "14号窗口"


@pytest.mark.parametrize("body", [b"\xff", b"[]", b"{}", b'{"outcome": {}, "staff": [], "day": null}'])
def test_a_summary_survives_any_body(hall: Hall, body: bytes) -> None:
    for kind in words.KINDS:
        hall.take(Desk("K1", epoch=len(kind)), f"t-{kind}")
    with hall.ledger.engine.begin() as connection:
        for number, kind in enumerate(words.KINDS, 1):
            values = {"seq": number, "kind": kind, "body": body}
            connection.execute(text("UPDATE events SET kind = :kind, body = :body WHERE ledger_seq = :seq"), values)
    fresh = Hall(hall.pack, hall.ledger, hall.writer)
    assert fresh.get("/ledger").status_code == 200
    assert fresh.get("/tickets").status_code == 200


def test_the_stylesheet_is_made_of_the_tokens() -> None:
    css = tokens_css()
    told = look.parse(Path(look.__file__).with_name("look.toml").read_text(encoding="utf-8"))
    assert f"--primary:{told.colours.primary};" in css
    assert f"--fault-tint:{told.colours.fault_tint};" in css


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0秒"), (59.9, "59秒"), (60, "1分钟"), (3599, "59分钟"), (3600, "1小时"), (3900, "1小时05分")],
)
def test_durations_read_like_speech(seconds: float, told: str) -> None:
    assert moments.span(seconds) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(None, "暂无数据"), (0.0, "0%"), (1.0, "100%"), (0.99999, "99.9%"), (0.995, "99.5%"), (0.5, "50%")],
)
def test_a_share_is_never_rounded_up_to_perfect(share: float | None, told: str) -> None:
    assert moments.percent(share) == told


def test_batches_without_entries_change_no_page(hall: Hall) -> None:
    before = hall.text("/ledger")
    hall.ledger.commit(Batch(marks={(TerminalId("K1"), 1): 3}))
    assert hall.text("/ledger") == before
