"""The driver with a real shared library in its own process: one that behaves, hangs, crashes and writes too far."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.devices.card_readers.vendor_process import VendorProcess
from kiosk.devices.card_readers.vendor_service import Options, VendorReader, connect
from kiosk.ports import CardProblem, DeviceError, Fault, NeedsAuthentication, PinOutcome, SocialCard, SocialField
from tests.devices.card_readers.vendor_library import LI_HE, Script, compiled, ended
from tests.devices.reconnecting import assert_nothing_leaks, reconnects

TODAY = "20261123"
WANG_PING = LI_HE.replace("000000198907220025", "000000197511030036").replace("李和", "王平")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("vendor"))


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    monkeypatch.setenv("VENDOR_SCRIPT", str(tmp_path / "script"))
    return Script(tmp_path / "script")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def reader_of(options: Options, clock: Clock | None = None) -> VendorReader:
    return VendorReader(VendorProcess(options.library), options, 3, "card_reader", clock or Clock())


@pytest.fixture
def reader(library: Path, script: Script) -> Iterator[VendorReader]:
    made = reader_of(Options(str(library), pin="buffer", proves_card=True, look_every_s=0.0))
    yield made
    made.close()


def test_a_card_is_found_read_and_its_pin_given_once(reader: VendorReader, script: Script) -> None:
    script.does("read", "say", -2)
    assert not reader.present()
    script.does("read", "say", 0, LI_HE)
    assert reader.present()
    card = reader.read(TODAY)
    assert card == SocialCard("李和", "000000198907220025", "2.00", genuine=True)
    script.does("verify", "say", -51, "PIN校验失败，剩余次数2次")
    assert reader.verify_pin("000000") == PinOutcome(accepted=False, tries_left=2)
    script.does("verify", "say", 0)
    assert reader.verify_pin("123456") == PinOutcome(accepted=True)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert card.authenticated
    assert [line for line in script.heard() if "verify" in line] == ["verify 3 000000", "verify 3 123456"]
    reader.let_go()
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.authenticated


@pytest.mark.row("RGT-02", part="rule")
@pytest.mark.parametrize(
    ("code", "line", "told"),
    [
        (-2201, "无PSAM卡", NeedsAuthentication(tuple(SocialField))),
        (-27010, "", NeedsAuthentication(tuple(SocialField))),
        (0, LI_HE.replace("李和", ""), NeedsAuthentication((SocialField.NAME,))),
        (0, LI_HE.replace("20400101", "20261122"), CardProblem.EXPIRED),
        (0, LI_HE.replace("0025|", "0026|"), CardProblem.DAMAGED),
        (-2, "", CardProblem.MOVED),
        (-4, "", CardProblem.DAMAGED),
        (-21, "", CardProblem.SUSPICIOUS),
        (-37635, "", CardProblem.REPLACE),
        (-1, "", CardProblem.UNKNOWN_CARD),
    ],
)
def test_a_card_that_opens_nothing_says_why(
    reader: VendorReader, script: Script, code: int, line: str, told: object
) -> None:
    script.does("read", "say", code, line)
    assert reader.read(TODAY) == told


def test_a_library_whose_card_proof_nobody_confirmed_shows_nothing_genuine(library: Path, script: Script) -> None:
    reader = reader_of(Options(str(library)))
    script.does("read", "say", 0, LI_HE)
    card = reader.read(TODAY)
    assert isinstance(card, SocialCard)
    assert not card.genuine
    assert reader.verify_pin("123456") is CardProblem.READER
    assert not [line for line in script.heard() if "verify" in line]
    reader.close()


def test_a_pin_is_never_given_to_another_card_nor_in_another_form(reader: VendorReader, script: Script) -> None:
    script.does("read", "say", 0, LI_HE)
    reader.state()
    assert reader.verify_pin("123456") is CardProblem.MOVED
    assert isinstance(reader.read(TODAY), SocialCard)
    for pin in ("12345", "1234567", "12345a", "１２３４５６"):
        with pytest.raises(DeviceError) as refused:
            reader.verify_pin(pin)
        assert refused.value.reason is Fault.REFUSED
        assert pin not in str(refused.value)
    script.does("read", "say", 0, WANG_PING)
    assert reader.verify_pin("123456") is CardProblem.MOVED
    assert not [line for line in script.heard() if "verify" in line]


@pytest.mark.parametrize(
    ("code", "told"), [(-52, CardProblem.LOCKED), (-0x6983, CardProblem.LOCKED), (-2201, CardProblem.HIDES_HOLDER)]
)
def test_a_pin_that_cannot_be_checked_says_why(
    reader: VendorReader, script: Script, code: int, told: CardProblem
) -> None:
    script.does("read", "say", 0, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    script.does("verify", "say", code)
    assert reader.verify_pin("123456") is told
    assert len([line for line in script.heard() if "verify" in line]) == 1


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [("crash", "signal 11"), ("exit", "it ended"), ("overrun", "more than its buffer"), ("flood", "signal")],
)
def test_a_library_that_breaks_takes_only_its_own_process(
    reader: VendorReader, script: Script, deed: str, sentence: str
) -> None:
    script.does("read", deed)
    with pytest.raises(DeviceError, match=sentence) as told:
        reader.read(TODAY)
    assert told.value.reason is Fault.HARDWARE
    script.does("read", "say", 0, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.state().readings["starts"] == 2


def test_a_library_that_hangs_is_ended_in_time_and_serves_again(library: Path, script: Script) -> None:
    reader = reader_of(Options(str(library), card_timeout_s=0.3))
    script.does("read", "hang")
    assert reader.state().fault is None
    process = reader._library._process
    assert process is not None
    with pytest.raises(DeviceError) as told:
        reader.present()
    assert told.value.reason is Fault.SILENT
    assert ended(process.pid)
    script.does("read", "say", 0, LI_HE)
    assert isinstance(reader.read(TODAY), SocialCard)
    reader.close()


def test_closing_ends_a_library_for_good(reader: VendorReader, script: Script) -> None:
    script.does("read", "say", 0, LI_HE)
    assert reader.present()
    process = reader._library._process
    assert process is not None
    reader.close()
    assert ended(process.pid)
    with pytest.raises(DeviceError):
        reader.present()
    assert reader._library.starts == 1


def test_what_a_library_prints_and_what_a_card_says_reaches_no_log_and_no_process_list(
    reader: VendorReader, script: Script, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    script.does("read", "print", 0, LI_HE)
    script.does("verify", "print", 0)
    assert isinstance(reader.read(TODAY), SocialCard)
    assert reader.verify_pin("864209") == PinOutcome(accepted=True)
    process = reader._library._process
    assert process is not None
    told = Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
    written = capfd.readouterr()
    shown = (caplog.text, written.out, written.err, repr(reader.state()), told.decode("utf-8", "replace"))
    for secret in ("李和", "000000198907220025", "864209"):
        assert all(secret not in text for text in shown)


@pytest.mark.parametrize(
    ("code", "fault"), [(-11, Fault.DISCONNECTED), (-13, Fault.OPTION), (-999, Fault.HARDWARE), (7, Fault.HARDWARE)]
)
def test_a_reader_in_trouble_is_no_card_and_names_its_fault(
    reader: VendorReader, script: Script, code: int, fault: Fault
) -> None:
    script.does("read", "say", code)
    assert not reader.present()
    state = reader.state()
    assert (state.fault, state.may_serve, state.readings["last_code"]) == (fault, False, code)
    with pytest.raises(DeviceError) as told:
        reader.read(TODAY)
    assert told.value.reason is fault
    script.does("read", "say", -2)
    assert not reader.present()
    assert reader.state().fault is None


def test_an_answer_in_another_form_is_the_services_fault(reader: VendorReader, script: Script) -> None:
    script.does("read", "say", 0, '{"name": "somebody"}')
    with pytest.raises(DeviceError) as told:
        reader.read(TODAY)
    assert told.value.reason is Fault.GARBLED
    assert "somebody" not in str(told.value)


def test_what_an_empty_reader_returns_may_be_told(library: Path, script: Script) -> None:
    reader = reader_of(Options(str(library), no_card_codes=(1, -2)))
    script.does("read", "say", 1)
    assert not reader.present()
    assert reader.state().fault is None
    reader.close()


def test_a_card_is_looked_for_no_more_often_than_told(library: Path, script: Script) -> None:
    clock = Clock()
    reader = reader_of(Options(str(library), look_every_s=1.0), clock)
    script.does("read", "say", 0, LI_HE)
    for now in (0.0, 0.3, 0.9):
        clock.now = now
        assert reader.present()
    assert len(script.heard()) == 1
    clock.now = 1.0
    assert reader.present()
    assert len(script.heard()) == 2
    reader.close()


def test_a_library_that_is_not_there_is_no_service(tmp_path: Path) -> None:
    reader = reader_of(Options(str(tmp_path / "nothing.so")))
    state = reader.state()
    assert (state.fault, state.may_serve, state.readings["service"]) == (Fault.NO_SERVICE, False, False)
    with pytest.raises(DeviceError):
        reader.present()
    reader.close()


def test_a_library_without_iverifypin_is_told_when_it_must_have_it(tmp_path: Path, script: Script) -> None:
    made = compiled(tmp_path, with_pin=False)
    reader = reader_of(Options(str(made), pin="buffer"))
    assert reader.state().fault is Fault.OPTION
    assert reader.verify_pin("123456") is CardProblem.READER
    reader.close()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slots": "both"}, "slots 'both'"),
        ({"pin": "keypad"}, "pin 'keypad'"),
        ({"library": "vendor.so"}, "whole path"),
        ({"card_timeout_s": 0.0}, "card_timeout_s"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_by_name(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(DeviceError, match=sentence):
        connect(replace(Options("/opt/vendor/lib.so"), **wrong), "card_reader")  # type: ignore[arg-type]


def test_nothing_stays_behind_when_a_library_comes_and_goes(library: Path, script: Script) -> None:
    script.does("read", "say", 0, LI_HE)

    def come_and_go() -> None:
        reader = reader_of(Options(str(library)))
        assert reader.present()
        reader.close()

    assert_nothing_leaks(come_and_go, reconnects(usual=20))
