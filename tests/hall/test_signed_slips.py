"""The signed code of a slip: its bytes, what is refused, and why."""

import base64
import string
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import HallError, Reason
from hall.events import TicketIssued
from hall.ids import BusinessDay, HallId, ItemCode, Series, TerminalId, TicketId, TicketLabel
from hall.outage.signed_slips import (
    MAX_SIGNED_CODE,
    MAX_WORD,
    SIGNED,
    SignedSlip,
    SlipFault,
    check,
    public_of,
    read,
    sign,
)
from hall.queue.numbering import label

HALL, K1, DAY = HallId("qinghe"), TerminalId("K1"), BusinessDay("2026-11-23")
KEY = bytes(range(32))
KEYS = {K1: public_of(KEY)}
GOLDEN = (
    "DY1/S/AEAAAAM2AAAAAADQACAAAAAAAAAAAAJGL4BL2ANCAYDDNOQGOFUW4Z3IMUBEWMIBIMAAMU2JFUZTAMLOMYZKI5WAXRSHD7"
    "6DUXHBJUOA5MOTDIVY4O7D3KTI6TRGQ72SADZOGPAZSTSUDNRY7ARZREYR6IC472IMAMEPMBU5FNC7R22DSRVQI"
)
SLIP = TicketIssued(
    ticket=TicketId("019a0000000070008000000000000001"),
    day=DAY,
    series=Series("C"),
    number=701,
    label=TicketLabel("C701"),
    item=ItemCode("SI-301"),
    issued_at=1_795_397_400.25,
    reserve=True,
)
ALPHABET = string.ascii_uppercase + "234567"
words = st.text(string.ascii_letters + string.digits + "-._", min_size=1, max_size=MAX_WORD)


@st.composite
def slips(draw: st.DrawFn) -> SignedSlip:
    series, suffix = Series(draw(st.sampled_from("ABCDY"))), draw(st.one_of(st.just(""), words))
    number = draw(st.integers(0, 65_535))
    issued = TicketIssued(
        ticket=TicketId(draw(st.binary(min_size=16, max_size=16)).hex()),
        day=BusinessDay(draw(st.dates(min_value=date(2000, 1, 1), max_value=date(2179, 6, 5))).isoformat()),
        series=series,
        number=number,
        suffix=suffix,
        label=label(series, number, suffix),
        item=ItemCode(draw(words)),
        priority=draw(st.booleans()),
        issued_at=draw(st.integers(0, 2**48 - 1)) / 1000,
        reserve=True,
        more_items=tuple(ItemCode(one) for one in draw(st.lists(words, max_size=4))),
    )
    return SignedSlip(HallId(draw(words)), TerminalId(draw(words)), issued)


def test_the_code_of_a_known_slip_is_these_very_characters() -> None:
    assert sign(SLIP, HALL, K1, KEY) == GOLDEN
    assert check(GOLDEN, hall=HALL, day=DAY, keys=KEYS) == SignedSlip(HALL, K1, SLIP)


@given(slips())
def test_what_is_signed_is_read_and_believed(slip: SignedSlip) -> None:
    code = sign(slip.issued, slip.hall, slip.terminal, KEY)
    assert len(code) <= MAX_SIGNED_CODE
    assert set(code) <= set(ALPHABET + "/DYS1")
    assert read(code) == read(code.lower()) == slip
    found = check(code, hall=slip.hall, day=slip.issued.day, keys={slip.terminal: public_of(KEY)})
    assert found == slip


@given(st.integers(len(SIGNED), len(GOLDEN) - 1), st.sampled_from(ALPHABET))
def test_any_changed_character_is_refused(place: int, other: str) -> None:
    changed = GOLDEN[:place] + other + GOLDEN[place + 1 :]
    believed = check(changed, hall=HALL, day=DAY, keys=KEYS)
    assert isinstance(believed, SignedSlip) is (changed == GOLDEN)


@given(st.integers(0, 8 * 120 - 1))
def test_any_changed_bit_is_refused(bit: int) -> None:
    packed = GOLDEN.removeprefix(SIGNED)
    raw = bytearray(base64.b32decode(packed + "=" * (-len(packed) % 8)))
    if bit >= 8 * len(raw):
        return
    raw[bit // 8] ^= 1 << bit % 8
    code = SIGNED + base64.b32encode(bytes(raw)).decode().rstrip("=")
    assert isinstance(check(code, hall=HALL, day=DAY, keys=KEYS), SlipFault)


@given(st.one_of(st.text(max_size=600), st.text(ALPHABET, max_size=600).map(SIGNED.__add__)))
def test_any_text_is_read_or_refused_and_never_believed(text: str) -> None:
    assert isinstance(check(text, hall=HALL, day=DAY, keys=KEYS), SlipFault) or text.strip().upper() == GOLDEN


def test_the_longest_names_still_make_a_code_that_is_read() -> None:
    long = "x" * MAX_WORD
    issued = msgspec.structs.replace(
        SLIP, suffix=long, label=label(SLIP.series, 701, long), item=ItemCode(long), more_items=(ItemCode(long),) * 4
    )
    code = sign(issued, HallId(long), TerminalId(long), KEY)
    assert len(code) <= MAX_SIGNED_CODE
    assert read(code) == SignedSlip(HallId(long), TerminalId(long), issued)


def test_a_slip_of_another_hall_day_terminal_or_key_is_refused_with_its_reason() -> None:
    assert check(GOLDEN, hall=HallId("other"), day=DAY, keys=KEYS) is SlipFault.OTHER_HALL
    assert check(GOLDEN, hall=HALL, day=BusinessDay("2026-11-24"), keys=KEYS) is SlipFault.OTHER_DAY
    assert check(GOLDEN, hall=HALL, day=DAY, keys={}) is SlipFault.UNVERIFIED
    assert check(GOLDEN, hall=HALL, day=DAY, keys={K1: b"short"}) is SlipFault.UNVERIFIED
    assert check(GOLDEN, hall=HALL, day=DAY, keys={K1: public_of(bytes(32))}) is SlipFault.UNVERIFIED
    assert check("https://example.org", hall=HALL, day=DAY, keys=KEYS) is SlipFault.UNREADABLE
    forged = sign(SLIP, HALL, TerminalId("K2"), KEY)  # K1's key signs in K2's name
    keys = {**KEYS, TerminalId("K2"): public_of(bytes(32))}
    assert check(forged, hall=HALL, day=DAY, keys=keys) is SlipFault.UNVERIFIED


@pytest.mark.parametrize(
    "changes",
    [
        {"ticket": "t1"},
        {"series": "CC"},
        {"number": 70_000},
        {"issued_at": -1.0},
        {"day": "soon"},
        {"item": "事项"},
        {"item": "x" * (MAX_WORD + 1)},
        {"more_items": ("a",) * 5},
    ],
)
def test_what_has_no_place_in_a_code_is_refused_before_it_is_signed(changes: dict[str, object]) -> None:
    with pytest.raises(HallError) as refused:
        sign(msgspec.structs.replace(SLIP, **changes), HALL, K1, KEY)
    assert refused.value.reason is Reason.MALFORMED


def test_a_code_says_nothing_of_a_person_or_of_the_ground_of_a_priority() -> None:
    assert set(SignedSlip.__dataclass_fields__) == {"hall", "terminal", "issued"}
    assert {"holder", "person", "ground", "grant"}.isdisjoint(TicketIssued.__struct_fields__)
