"""A whole 代办查询 on a real terminal and hall server, a guide on the wire; then files and bus are searched."""

import signal
from functools import partial

import msgspec
import pytest

from benchmarks.hall_rig import Rig, Terminal
from deploy.virtual_hall.waiting import wait_for
from hall.commands import Done, Refused, SignedIn, SignIn
from hall.errors import Reason
from hall.ids import ProxyId, StaffId, TerminalId
from hall.ledger.sealing import public_key, unseal
from hall.proxies import ConfirmProxy, ProxyNames, ProxySealed, ProxySight, ReadProxy
from hall.wire.board import Board
from hall.wire.shown import ProxyShown
from kiosk.devices.virtual.id_faces import IdFace
from tests.hall_server.conftest import meet, sealed_pin
from tests.kiosk.test_nothing_personal_stays import LI_HE, STEP_S, Place, clear_forms, found_in, place, rig

__all__ = ["place", "rig"]

FATHER = IdFace("张安", "000000196203150015", "19620315")
GUIDE, K1, KEY = StaffId("0101"), TerminalId("K1"), bytes(range(1, 33))


def guide(rig: Rig) -> Terminal:
    desk = meet(rig, "D1")
    signed, _ = desk.reply(SignIn(staff=GUIDE, sealed_pin=sealed_pin(rig, "D1", GUIDE)))
    assert isinstance(signed, SignedIn)
    return desk


def look_and_find_nothing(place: Place) -> None:
    """Wait for two answers of the reader: a hand that changes two cards is slower than one look."""
    for _ in range(2):
        wait_for("the reader answers", partial(answered_since, place, place.sam.last_answer_mono), STEP_S)


def answered_since(place: Place, before: float) -> bool:
    return place.sam.last_answer_mono > before


def lay_both(place: Place) -> None:
    place.until("Home")
    place.touch("WantsStatement")
    place.touch("ActsForOther")
    place.touch("Agreed")
    place.until("ProxyOwnCard")
    place.sam.lay(LI_HE)
    place.until("ProxyOtherCard")
    place.sam.lift()
    look_and_find_nothing(place)
    place.sam.lay(FATHER)
    place.until("ProxyWaiting")


def asked(desk: Terminal) -> ProxyShown:
    board, _ = desk.wait(Board, lambda one: any(each.state == "asked" for each in one.proxies), STEP_S)
    return board.proxies[-1]


def confirm(proxy: ProxyId) -> ConfirmProxy:
    return ConfirmProxy(proxy=proxy, terminal=K1, staff=GUIDE, sight=tuple(ProxySight))


@pytest.mark.row("RGT-07", part="face")
def test_a_whole_proxy_enquiry_leaves_no_name_or_number_in_any_file_nor_on_the_bus(place: Place, rig: Rig) -> None:
    desk = guide(rig)
    lay_both(place)
    shown = asked(desk)
    told, _ = desk.reply(ReadProxy(proxy=shown.proxy, staff=GUIDE, reply_key=public_key(KEY)))
    assert isinstance(told, ProxySealed)
    names = msgspec.json.decode(unseal(KEY, told.sealed, "proxy_names", shown.proxy), type=ProxyNames)
    assert (names.agent, names.person) == ("李*", "张*")
    assert desk.reply(confirm(shown.proxy))[0] == Done()
    place.until("ProxyChoosing")
    place.touch("ChoseForm", form="pension_payments")
    place.until("ShowingStatement")
    place.touch("WantsPaper")
    place.until("ShowingStatement", paper="out")
    place.touch("Ended")
    place.until("Farewell")
    (paper,) = place.printer.papers
    for words in ("代办查询", "代办人 李*", "被代办人 张*"):
        assert words in paper.text
    assert LI_HE.number not in paper.text
    assert LI_HE.name not in paper.text
    place.process.send_signal(signal.SIGTERM)
    assert place.process.wait(60) == 0, place.said()
    assert rig.stop_server() == 0
    kept = (rig.folder / "ledger.sqlite").read_bytes()
    for kind in (b"ProxyAsked", b"ProxyConfirmed", b"StatementPrepared", b"ProxyClosed"):
        assert kind in kept, kind
    heard = b"".join(msgspec.json.encode(desk.heard.get_nowait()[1]) for _ in range(desk.heard.qsize()))
    for face in (LI_HE, FATHER):
        assert found_in(place.folder.parent, face.name, face.number) == []
        assert not [what for what, form in clear_forms(face.name, face.number).items() if form.search(heard)]


@pytest.mark.row("RGT-07", part="face")
def test_a_confirmation_that_comes_after_the_session_has_ended_opens_nothing(place: Place, rig: Rig) -> None:
    desk = guide(rig)
    lay_both(place)
    shown = asked(desk)
    place.touch("Ended")
    place.until("Farewell")
    desk.wait(Board, lambda one: not one.proxies, STEP_S)
    late, _ = desk.reply(confirm(shown.proxy))
    assert isinstance(late, Refused)
    assert late.reason is Reason.ILLEGAL_MOVE
    place.touch("Ended")
    place.until("Home")
    assert place.printer.papers == []
    place.process.send_signal(signal.SIGTERM)
    assert place.process.wait(60) == 0, place.said()
    assert rig.stop_server() == 0
    kept = (rig.folder / "ledger.sqlite").read_bytes()
    assert b"ProxyClosed" in kept
    for never in (b"ProxyConfirmed", b"StatementPrepared"):
        assert never not in kept
