"""What the bench records can be read again, is bounded, and plays back to the driver that was recorded."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import JobId
from kiosk.devices.id_readers import sam_serial
from kiosk.devices.keypads import call_keypad
from kiosk.devices.led_bars import onbon_bx5k, queue_bar_69
from kiosk.devices.slip_printers import escpos
from kiosk.devices.virtual import transcripts
from kiosk.devices.virtual.bench_settings import DevicePlan, Person, SampleIdCard
from kiosk.devices.virtual.bench_table import BenchTable
from kiosk.devices.virtual.transcripts import MAX_BYTES, MAX_MS, MAX_PORTIONS, Portion, Recorder
from kiosk.ports import Key, Line, PrintOutcome, Slip
from tests.devices.strict_wire import StrictWire

PERSON = Person(
    key="li-he",
    name="李和",
    number="000000198907220025",
    birth="19890722",
    id_card=SampleIdCard(valid_from="20200101", valid_until="20400101"),
)
LIMIT_S = 60.0
SLIP = Slip((Line("A012", scale=4), Line("请到14号窗口")))

portions = st.lists(
    st.builds(Portion, to_device=st.booleans(), at_ms=st.integers(0, MAX_MS), data=st.binary(min_size=1, max_size=64)),
    max_size=20,
).map(tuple)


# ---- the text ------------------------------------------------------------------------------------------------------


@given(portions=portions, remarks=st.lists(st.text(max_size=40), max_size=3))
def test_what_was_written_is_read_again_whatever_the_remarks_say(
    portions: tuple[Portion, ...], remarks: list[str]
) -> None:
    assert transcripts.parse(transcripts.encode(portions, remarks)) == portions


@given(text=st.one_of(st.text(), st.text(alphabet="<> 0aF#ms\n")))
def test_any_text_is_read_or_refused_with_the_number_of_a_line(text: str) -> None:
    try:
        found = transcripts.parse(text)
    except ValueError as error:
        assert str(error).startswith("line ")  # noqa: PT017 either is right
    else:
        assert all(each.data for each in found)


def test_a_transcript_written_by_hand_needs_no_times_and_may_have_remarks() -> None:
    assert transcripts.parse("# a title\n> aa 96  # hello\n\n< 40ms 9f\n") == (
        Portion(True, 0, b"\xaa\x96"),
        Portion(False, 40, b"\x9f"),
    )


def test_a_portion_keeps_its_bytes_out_of_traces() -> None:
    assert "96" not in repr(Portion(True, 0, b"\x96"))


def test_a_text_that_is_too_long_is_not_read() -> None:
    with pytest.raises(ValueError, match="at most"):
        transcripts.parse("#" * (transcripts.MAX_TEXT + 1))


# ---- the recorder --------------------------------------------------------------------------------------------------


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_only_what_passes_between_start_and_stop_is_kept_with_its_time() -> None:
    clock = Clock()
    recorder = Recorder(clock)
    recorder.passed(True, b"before")
    recorder.start()
    clock.now += 0.25
    recorder.passed(True, b"\x01")
    recorder.passed(False, b"")
    recorder.stop()
    recorder.passed(False, b"after")
    assert recorder.portions() == (Portion(True, 250, b"\x01"),)
    recorder.start()
    assert recorder.portions() == ()


@pytest.mark.parametrize(("size", "most"), [(1, MAX_PORTIONS), (MAX_BYTES // 4, 4)])
def test_a_recording_that_is_full_ends_by_itself_and_says_so(size: int, most: int) -> None:
    recorder = Recorder()
    recorder.start()
    for _ in range(most + 1):
        recorder.passed(True, bytes(size))
    recorder.passed(True, b"\x01")
    assert recorder.state() == {"on": False, "portions": most, "bytes": most * size, "full": True}


# ---- recorded on the bench, played to the driver -------------------------------------------------------------------


class Bench:
    """A table with one device whose wire is recorded; `text` ends the recording."""

    def __init__(self, plan: DevicePlan) -> None:
        self.name = plan.name
        self.table = BenchTable((plan,), {PERSON.key: PERSON})
        self.address = self.table.start()[0].split()[2]
        self.do("record")

    def do(self, action: str, **arguments: str | int) -> None:
        self.table.act(self.name, action, arguments)

    def text(self) -> str:
        self.do("stop_recording")
        told = self.table.transcript(self.name)
        assert told is not None
        return told


@pytest.fixture
def on_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(name: str, kind: str, **options: str | int | bool) -> Bench:
        plan = DevicePlan(name=name, kind=kind, link=tmp_path / "line", baud=115_200, options=dict(options))  # type: ignore[arg-type]
        made.append(Bench(plan))
        return made[-1]

    yield make
    for bench in made:
        bench.table.stop()


def replayed(bench: Bench, tmp_path: Path) -> StrictWire:
    (tmp_path / "recorded.txt").write_text(bench.text(), encoding="utf-8")
    return StrictWire(tmp_path / "recorded.txt")


def test_a_recording_says_that_nobody_in_it_exists(on_bench: Callable[..., Bench]) -> None:
    bench = on_bench("K1.id_reader", "sam", read_s=0.0)
    assert bench.table.transcript("K1.id_reader") is None
    bench.do("lay", person=PERSON.key)
    read_card(bench.address)
    told = bench.text()
    assert told.startswith("# K1.id_reader: virtual sam, 115200 baud\n")
    assert "Sample persons only" in told


def read_card(port: str, begin: Callable[[], None] = lambda: None) -> tuple[object, object]:
    reader = sam_serial.connect(sam_serial.Options(port, 115_200), "K1.id_reader")
    try:
        begin()
        return reader.present(), reader.read("20261123")
    finally:
        reader.close()


def test_an_identity_card_read_on_the_bench_is_read_again_from_the_recording(
    on_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = on_bench("K1.id_reader", "sam", read_s=0.0)
    bench.do("lay", person=PERSON.key)
    seen = read_card(bench.address)
    wire = replayed(bench, tmp_path)
    assert read_card(wire.port, wire.begin) == seen
    assert wire.ended() == []


def test_a_ticket_printed_on_the_bench_is_printed_again_from_the_recording(
    on_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = on_bench("K1.slip_printer", "printer", rows_per_s=0)

    def print_ticket(port: str, begin: Callable[[], None] = lambda: None) -> PrintOutcome:
        options = escpos.Options(transport="serial", path=port, baud=115_200)
        printer = escpos.connect(options, "K1.slip_printer", lambda _job, _fault: None)
        begin()
        outcome = printer.print(JobId("1"), SLIP).outcome
        printer.close()
        return outcome

    assert print_ticket(bench.address) is PrintOutcome.PROCESSED
    wire = replayed(bench, tmp_path)
    assert print_ticket(wire.port, wire.begin) is PrintOutcome.PROCESSED
    assert wire.ended() == []


def test_bars_shown_on_the_bench_are_shown_again_from_the_recording(
    on_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = on_bench("S1.led_bars", "led_bars")

    def show(port: str, begin: Callable[[], None] = lambda: None) -> tuple[bool, bool]:
        bars = onbon_bx5k.connect(onbon_bx5k.Options(port, 115_200, addresses="7,14"), "S1.led_bars")
        begin()
        shown = bars.show(14, "请Y001号到14号窗口"), bars.show(7, "")
        bars.close()
        return shown

    assert show(bench.address) == (True, True)
    wire = replayed(bench, tmp_path)
    assert show(wire.port, wire.begin) == (True, True)
    assert wire.ended() == []


def test_silent_bars_shown_on_the_bench_are_shown_again_from_the_recording(
    on_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = on_bench("S1.led_bars", "queue_bars")

    def show(port: str, begin: Callable[[], None] = lambda: None) -> bool:
        bars = queue_bar_69.connect(queue_bar_69.Options(port), "S1.led_bars")
        begin()
        shown = bars.show(14, "请Y001号到14号窗口")
        bars.close()
        return shown

    assert show(bench.address)
    until(lambda: "请Y001号" in str(bench.table.state()["devices"][0]["state"]["bars"]))
    wire = replayed(bench, tmp_path)
    assert show(wire.port, wire.begin)
    assert wire.ended() == []


def test_keys_pressed_on_the_bench_are_pressed_again_from_the_recording(
    on_bench: Callable[..., Bench], tmp_path: Path
) -> None:
    bench = on_bench("W14.keypad", "keypads")

    def work(port: str, press: Callable[[], None]) -> list[Key]:
        pad = call_keypad.connect(call_keypad.Options(port, 115_200, evaluator=2), "W14.keypad")
        press()
        found: list[Key] = []
        limit = time.monotonic() + LIMIT_S
        while not found and time.monotonic() < limit:
            found += [each.key for each in pad.presses()]
        assert pad.show(12, "A016")
        pad.close()
        return found

    assert work(bench.address, lambda: bench.do("press", key="call")) == [Key.CALL]
    wire = replayed(bench, tmp_path)
    assert work(wire.port, wire.begin) == [Key.CALL]
    assert wire.ended() == []


def until(so: Callable[[], bool]) -> None:
    limit = time.monotonic() + LIMIT_S
    while not so():
        assert time.monotonic() < limit
