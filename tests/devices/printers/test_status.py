"""The bits of devices reference 4.1, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.slip_printers.status import (
    BLOCK_BYTES,
    About,
    Automatic,
    Demultiplexer,
    Noise,
    Processed,
    Queued,
    RealTime,
    Status,
)
from kiosk.devices.virtual.printer_faults import Faults
from kiosk.ports import Fault

WELL = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@pytest.mark.parametrize(
    ("answers", "stop"),
    [
        ({}, None),
        ({1: 0x16}, None),
        ({1: 0x1A}, Fault.HARDWARE),
        ({1: 0x1A, 2: 0x16}, Fault.COVER_OPEN),
        ({1: 0x1A, 2: 0x32}, Fault.NO_PAPER),
        ({4: 0x72}, Fault.NO_PAPER),
        ({4: 0x1E}, None),
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, Fault.CUTTER),
        ({1: 0x1A, 2: 0x52, 3: 0x32}, Fault.HARDWARE),
        ({1: 0x1A, 2: 0x52, 3: 0x52}, Fault.OVERHEATED),
        ({1: 0x1A, 2: 0x36}, Fault.COVER_OPEN),
    ],
)
def test_each_real_time_bit_means_what_the_reference_says(answers: dict[int, int], stop: Fault | None) -> None:
    assert Status.from_real_time({**WELL, **answers}).stop is stop


def test_near_end_is_no_reason_to_stop() -> None:
    status = Status.from_real_time({**WELL, 4: 0x1E})
    assert status.paper_near_end
    assert status.stop is None


@pytest.mark.parametrize(
    ("group", "stop"),
    [
        ("10000000", None),
        ("38000000", Fault.COVER_OPEN),
        ("18000F00", Fault.NO_PAPER),
        ("18080000", Fault.CUTTER),
        ("18200000", Fault.HARDWARE),
        ("18400000", Fault.OVERHEATED),
        ("10000300", None),
        ("14000000", None),
    ],
)
def test_each_automatic_status_means_what_the_reference_says(group: str, stop: Fault | None) -> None:
    (answer,) = Demultiplexer().feed(bytes.fromhex(group))
    assert isinstance(answer, Automatic)
    assert answer.status.stop is stop


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_the_printer_and_the_driver_agree_on_every_combination(
    paper_end: bool, near_end: bool, cover_open: bool, cutter_error: bool
) -> None:
    faults = Faults(paper_end=paper_end, near_end=near_end, cover_open=cover_open, cutter_error=cutter_error)
    asked = Status.from_real_time({query: faults.real_time(query)[0] for query in (1, 2, 3, 4)})
    told = Status.from_automatic(faults.automatic())
    assert asked.stop is told.stop
    assert (asked.paper_end, asked.cover_open, asked.cutter) == (paper_end, cover_open, cutter_error)
    assert (told.paper_end, told.cover_open, told.cutter) == (paper_end, cover_open, cutter_error)


def test_mixed_answers_come_apart_in_order() -> None:
    stream = bytes.fromhex("12 18000F00 00 37223030303100 5F4D4F44454C00 0F 1A 81")
    assert [type(answer) for answer in Demultiplexer().feed(stream)] == [
        RealTime,
        Automatic,
        Queued,
        Processed,
        About,
        Queued,
        RealTime,
        Noise,
    ]


@given(st.binary(max_size=400), st.integers(1, 7))
def test_any_input_in_any_portions_gives_the_same_answers(data: bytes, portion: int) -> None:
    whole = Demultiplexer().feed(data)
    parted = Demultiplexer()
    answers = [answer for at in range(0, len(data), portion) for answer in parted.feed(data[at : at + portion])]
    assert answers == whole
    assert len(parted._block) <= BLOCK_BYTES
    assert len(parted._automatic) < 4
