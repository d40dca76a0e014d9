"""What a terminal may say to the others while the server is away: about itself, and nothing else."""

from functools import cache

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.events import TicketIssued
from hall.ids import BusinessDay, ItemCode, Series, TerminalId, TicketId, TicketLabel, WindowId
from hall.outage.hearsay import Doubt, doubt, is_own_number, waits_for
from hall.outage.signed_slips import public_of, sign
from hall.pack.hall_pack import shown
from hall.queue.numbering import label
from hall.wire.pack_shown import PackShown
from hall.wire.peers import CallSaid, PeerSaid
from tests.hall.world import qinghe

DAY = BusinessDay("2026-11-23")
K1, D1, W07, W14 = (TerminalId(each) for each in ("K1", "D1", "W07", "W14"))
KEY = bytes(range(32))
KEYS = {K1: public_of(KEY)}
ITEM = ItemCode("SI-301")


@cache
def pack() -> PackShown:
    return shown(qinghe(), bytes(32))


def issued(terminal: TerminalId = K1, **changes: object) -> TicketIssued:
    reserve = next(one for one in pack().reserves if one.terminal == terminal)
    ticket = TicketIssued(
        ticket=TicketId("019a0000000070008000000000000001"),
        day=DAY,
        series=Series("C"),
        number=reserve.first,
        label=label(Series("C"), reserve.first),
        item=ITEM,
        issued_at=1_795_397_400.25,
        reserve=True,
    )
    return msgspec.structs.replace(ticket, **changes)


def joins(speaker: TerminalId, event: TicketIssued, slip: str = "") -> PeerSaid:
    return PeerSaid(terminal=speaker, joined=waits_for(event, pack()), slip=slip)


def calls(speaker: TerminalId, window: str, label: str = "C001") -> PeerSaid:
    call = CallSaid(ticket=TicketId("t"), label=TicketLabel(label), window=WindowId(window), at=0.0)
    return PeerSaid(terminal=speaker, called=call)


def judged(said: PeerSaid, speaker: TerminalId | None = None) -> Doubt | None:
    return doubt(said, speaker or said.terminal, pack(), DAY, KEYS)


def test_a_panel_calls_to_its_own_window_and_to_no_other() -> None:
    assert judged(calls(W07, "7")) is None
    assert judged(calls(W07, "14")) is Doubt.NOT_ITS_WINDOW
    for stranger in (K1, D1):
        assert judged(calls(stranger, "7")) is Doubt.NOT_ITS_WINDOW


def test_what_a_panel_calls_is_a_number_and_no_other_words() -> None:
    for told in ("C001", "Y012", "C705", "C12-K1", "C1000"):
        assert judged(calls(W07, "7", told)) is None, told
    for told in (
        "今日停止办理",
        "",
        "C",
        "C01",
        "C001 ",
        "C001-X9",
        "C12-",
        "Q001",
        "C٣٣٣",
        "C12-K1-K1",
        "C" + "9" * 90,
    ):
        assert judged(calls(W07, "7", told)) is Doubt.NOT_A_NUMBER, told


def test_nobody_speaks_in_the_name_of_another() -> None:
    assert judged(calls(W07, "7"), W14) is Doubt.OTHER_SPEAKER
    assert judged(joins(K1, issued()), W07) is Doubt.OTHER_SPEAKER


def test_who_is_not_in_the_pack_is_not_heeded() -> None:
    assert judged(calls(TerminalId("X1"), "7")) is Doubt.UNKNOWN_SPEAKER


def test_a_terminal_announces_the_numbers_it_gives_out_and_no_other() -> None:
    assert judged(joins(K1, issued())) is None
    suffixed = issued(number=12, suffix="K1", label=TicketLabel("C12-K1"))
    assert judged(joins(K1, suffixed)) is None
    for told in ("C001", "C12-K2", "C9999999999", "C0701", "D701", "C-K1X", "C请离开-K1", "C-K1"):
        assert judged(joins(K1, issued(label=TicketLabel(told)))) is Doubt.NOT_ITS_NUMBER
    wild = issued(number=701, series=Series("停办"), label=TicketLabel("停办701"))
    assert judged(joins(K1, wild)) is Doubt.NOT_ITS_NUMBER
    assert judged(joins(D1, issued())) is Doubt.NOT_ITS_NUMBER
    assert judged(joins(W07, issued())) is Doubt.NOT_ITS_NUMBER


def test_a_self_service_terminal_cannot_make_anybody_first_or_bind_them() -> None:
    assert judged(joins(K1, issued(priority=True))) is Doubt.NOT_ITS_WORD
    assert judged(joins(D1, issued(D1, priority=True))) is None
    waiting = waits_for(issued(), pack())
    for change in ({"bound": WindowId("7")}, {"precalled_by": WindowId("7")}, {"away_until": 9.0}):
        said = PeerSaid(terminal=K1, joined=msgspec.structs.replace(waiting, **change))
        assert judged(said) is Doubt.NOT_ITS_WORD


def test_one_message_says_one_thing() -> None:
    assert judged(PeerSaid(terminal=W07)) is Doubt.NOT_ONE_THING
    both = msgspec.structs.replace(calls(W07, "7"), joined=waits_for(issued(), pack()))
    assert judged(both) is Doubt.NOT_ONE_THING


@pytest.mark.parametrize("speaker", [D1, W07])
def test_who_brings_in_a_slip_shows_it(speaker: TerminalId) -> None:
    code = sign(issued(), pack().hall, K1, KEY)
    assert judged(joins(speaker, issued(), code)) is None
    assert judged(joins(speaker, issued(item=ItemCode("SI-302")), code)) is Doubt.NOT_ITS_NUMBER
    assert judged(joins(speaker, issued(), code[:-1])) is Doubt.NOT_ITS_NUMBER
    forged = sign(issued(), pack().hall, K1, bytes(32))
    assert judged(joins(speaker, issued(), forged)) is Doubt.NOT_ITS_NUMBER
    assert judged(joins(TerminalId("S1"), issued(), code)) is Doubt.NOT_ITS_NUMBER


@given(st.text(max_size=12), st.sampled_from("ABCY"))
def test_no_text_as_a_number_breaks_the_judgement(told: str, series: str) -> None:
    own = is_own_number(TicketLabel(told), Series(series), K1, pack())
    assert not own or told.startswith(series)
