"""What a code is: a slip of ours when it is exactly that, else unknown; whatever a stranger prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import Series, TerminalId, TicketId, TicketLabel
from hall.queue.numbering import label
from kiosk.flows.scanned import SlipCode, UnknownCode, read_code, slip_code

TICKET = TicketId("019a0000000070008000000000000001")


def test_what_is_printed_is_read_whatever_the_shift_and_caps_lock_keys_do() -> None:
    printed = slip_code(TICKET, TicketLabel("A012"))
    assert printed == "DY1/T/A012/019A0000000070008000000000000001"
    assert read_code(printed) == read_code(printed.lower()) == SlipCode(TICKET, TicketLabel("A012"))


@given(st.sampled_from("ABCDEFGHY"), st.integers(1, 999), st.sampled_from(["", "K1", "K12", "D1"]), st.uuids())
def test_every_slip_is_read_as_it_was_printed(series: str, number: int, suffix: str, ticket: object) -> None:
    named = label(Series(series), number, str(TerminalId(suffix)) if suffix else "")
    id_ = TicketId(str(ticket).replace("-", ""))
    assert read_code(slip_code(id_, named)) == SlipCode(id_, named)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/?t=DY1/T/A012/019A0000000070008000000000000001",
        "DY1/T/A012/019A000000007000800000000000000",
        "DY1/T/A012/019A0000000070008000000000000001/",
        "DY2/T/A012/019A0000000070008000000000000001",
        "DY1/T/A0\uff112/019A0000000070008000000000000001",
        "6901234567892",
        "x" * 512,
    ],
)
def test_anything_else_is_unknown(text: str) -> None:
    assert read_code(text) == UnknownCode()


@given(st.text(max_size=600))
def test_any_text_is_read_without_a_surprise(text: str) -> None:
    assert isinstance(read_code(text), SlipCode | UnknownCode)
