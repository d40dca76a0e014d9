"""Statements add up, masks hide, and the wire refuses what it cannot read by name."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import Evidence, PriorityGrant, PriorityGround
from hall.errors import HallError, Reason
from hall.ids import HallId, TerminalId
from hall.people.holders import Holder, Proof
from hall.statements.sheets import check_totals, mask_name, mask_number, yuan
from hall.wire.board import Board
from hall.wire.codec import MAX_MESSAGE_BYTES, decode, encode, hall_topic, terminal_topic
from hall.wire.lanes import Ask, Beat, Mark, Up
from tests.flows import samples


@pytest.mark.row("RGT-04", part="rule")
def test_a_statement_whose_totals_are_not_its_lines_is_refused_by_the_total() -> None:
    right = samples.statement()
    check_totals(right)
    for name in ("total_unit_fen", "total_person_fen", "months_paid"):
        wrong = msgspec.structs.replace(right, **{name: getattr(right, name) + 1})
        with pytest.raises(HallError, match=name):
            check_totals(wrong)


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "0.00"), (5, "0.05"), (1_296_000, "12,960.00"), (7_633_901, "76,339.01"), (-150, "-1.50")],
)
def test_fen_read_as_yuan(fen: int, text: str) -> None:
    assert yuan(fen) == text


@given(st.integers(-(10**12), 10**12))
def test_yuan_loses_no_fen(fen: int) -> None:
    assert int(yuan(fen).replace(",", "").replace(".", "")) == fen


@pytest.mark.parametrize(
    ("name", "masked"), [("张安", "张*"), ("阿依古丽·麦麦提", "阿*******"), ("王䶮", "王*"), ("", "")]
)
def test_a_masked_name_keeps_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text("0123456789X", max_size=20))
def test_a_masked_number_shows_at_most_eight_characters(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert len(masked.replace("*", "")) <= 8
    assert len(number) > 8 or set(masked) <= {"*"}


@pytest.mark.parametrize("kind", [Up, Mark, Ask, Beat, Board])
@given(payload=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_name(kind: type[msgspec.Struct], payload: bytes) -> None:
    told = ""
    try:
        decode(kind, payload, "up of K1")
    except HallError as error:
        told = f"{error.where} {error.sentence}"
    assert not told or ("up of K1" in told and kind.__name__ in told)


def test_a_message_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(HallError) as refused:
        decode(Board, b" " * (MAX_MESSAGE_BYTES + 1), "board")
    assert refused.value.reason is Reason.TOO_LARGE


def test_deep_nesting_is_refused_not_a_crash() -> None:
    with pytest.raises(HallError):
        decode(Up, b'{"events":' + b"[" * 100_000, "up")


def test_messages_come_back_as_they_went_and_unknown_fields_are_ignored() -> None:
    board = samples.board(samples.call(1, "Y001"))
    assert decode(Board, encode(board), "board") == board
    newer = encode(board)[:-1] + b',"of_a_later_version":1}'
    assert decode(Board, newer, "board") == board


def test_topics_name_hall_terminal_and_lane() -> None:
    assert terminal_topic(HallId("qinghe"), TerminalId("K1"), "up") == "hall/qinghe/terminal/K1/up"
    assert hall_topic(HallId("qinghe"), "beat") == "hall/qinghe/beat"


@pytest.mark.row("RGT-03", part="rule")
def test_nothing_of_a_person_is_in_a_repr_wherever_it_is_printed() -> None:
    holder = Holder(name="李和", number="000000198907220025", proof=Proof.ID_CARD)
    grant = PriorityGrant(ground=PriorityGround.PREGNANT, evidence=Evidence.SIGHT)
    told = f"{[holder]!r} {[samples.statement()]!r} {[samples.line('2025-01')]!r} {[grant]!r}"
    for personal in ("李和", "000000198907220025", "52000", "样例纺织", "pregnant", "sight"):
        assert personal not in told
