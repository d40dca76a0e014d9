"""The virtual module is as strict as the real one: broken requests and wrong order are answered, never forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_readers.sam_commands import BAUD_CODES
from kiosk.devices.id_readers.sam_frames import PREAMBLE, Answer, Command, Decoder, answer, frame, request
from kiosk.devices.virtual.id_faces import Defect, IdFace
from kiosk.devices.virtual.sam_module import SamModule

LI_HE = IdFace("李和", "000000198907220025")


def ask(module: SamModule, wire: bytes) -> Answer | None:
    replies = module.receive(wire)
    return Decoder().feed(replies[0].frame) if replies else None


def status(module: SamModule, command: Command) -> int:
    told = ask(module, request(command))
    assert told is not None
    return told.status


@pytest.mark.parametrize(
    ("wire", "answered"),
    [
        (PREAMBLE + bytes.fromhex("0003200121"), 0x10),
        (PREAMBLE + bytes.fromhex("00022022"), 0x11),
        (PREAMBLE + bytes.fromhex("FFFF200121"), 0x11),
        (PREAMBLE + bytes.fromhex("000420010025"), 0x11),
        (PREAMBLE + bytes.fromhex("000399019B"), 0x21),
    ],
)
def test_a_broken_request_gets_its_status(wire: bytes, answered: int) -> None:
    told = ask(SamModule(), wire)
    assert told is not None
    assert told.status == answered


def test_the_order_find_select_read_is_kept() -> None:
    module = SamModule()
    assert status(module, Command.FIND) == 0x80
    module.lay(LI_HE)
    assert status(module, Command.SELECT) == 0x81
    assert status(module, Command.READ) == 0x23
    assert status(module, Command.FIND) == 0x9F
    assert status(module, Command.READ) == 0x23
    assert status(module, Command.SELECT) == 0x90
    assert status(module, Command.READ) == 0x90
    assert status(module, Command.READ_ADDRESS) == 0x91
    assert status(module, Command.FIND) == 0x80
    module.lift()
    assert status(module, Command.READ) == 0x41
    module.lay(LI_HE)
    assert status(module, Command.FIND) == 0x9F


def test_the_fingerprint_answer_of_a_card_without_one_says_length_zero() -> None:
    module = SamModule()
    module.lay(LI_HE)
    for command in (Command.FIND, Command.SELECT):
        status(module, command)
    told = ask(module, request(Command.READ_WITH_FINGERPRINT))
    assert told is not None
    assert told.data[:6] == bytes.fromhex("010004000000")
    assert len(told.data) == 6 + 256 + 1024


def test_the_fingerprint_of_a_card_that_has_one_is_1024_bytes() -> None:
    module = SamModule()
    module.lay(IdFace("李和", "000000198907220025", fingerprint=True))
    for command in (Command.FIND, Command.SELECT):
        status(module, command)
    told = ask(module, request(Command.READ_WITH_FINGERPRINT))
    assert told is not None
    assert told.data[:6] == bytes.fromhex("010004000400")
    assert len(told.data) == 6 + 256 + 1024 + 1024


def test_a_rate_is_changed_after_its_answer_and_another_is_refused() -> None:
    for baud, code in BAUD_CODES.items():
        (reply,) = SamModule().receive(frame(bytes((0x60, code))))
        assert (reply.frame, reply.then_baud) == (answer(0x90), baud)
    (reply,) = SamModule().receive(frame(bytes((0x60, 5))))
    assert (reply.frame, reply.then_baud) == (answer(0x21), None)


@pytest.mark.parametrize(
    ("wire", "answered"), [("000461FF50CA", 0x90), ("000361FF9D", 0x11), ("000311FFED", 0x90), ("000310FFEC", 0x90)]
)
def test_what_needs_a_value_is_refused_without_one(wire: str, answered: int) -> None:
    told = ask(SamModule(), PREAMBLE + bytes.fromhex(wire))
    assert told is not None
    assert told.status == answered


def test_a_busy_module_says_24_so_many_times_and_forgets_nothing() -> None:
    module = SamModule()
    module.lay(LI_HE)
    assert status(module, Command.FIND) == 0x9F
    module.busy = 2
    assert [status(module, Command.SELECT) for _ in range(3)] == [0x24, 0x24, 0x90]


def test_some_readers_find_a_card_again_that_was_read() -> None:
    module = SamModule(finds_again=True)
    module.lay(LI_HE)
    for command in (Command.FIND, Command.SELECT, Command.READ):
        status(module, command)
    assert status(module, Command.FIND) == 0x9F


def test_a_failure_of_the_card_carries_the_cards_own_word() -> None:
    told = ask(SamModule(), request(Command.SELECT))
    assert told is not None
    assert told.status == 0x81
    assert told.card_status != b"\0\0"


def test_a_failed_self_test_answers_everything_but_the_id() -> None:
    module = SamModule(sam_fault=0x66)
    module.lay(LI_HE)
    assert {status(module, command) for command in (Command.STATUS, Command.FIND, Command.RESET)} == {0x66}
    assert status(module, Command.SAM_ID) == 0x90


def test_cards_with_defects_fail_where_real_ones_do() -> None:
    for defect, at, answered in (
        (Defect.UNREGISTERED, Command.SELECT, 0x40),
        (Defect.DAMAGED, Command.READ, 0x41),
        (Defect.FORGED, Command.READ, 0x33),
    ):
        module = SamModule()
        module.lay(IdFace("李和", "000000198907220025", defect=defect))
        status(module, Command.FIND)
        if at is Command.READ:
            assert status(module, Command.SELECT) == 0x90
        assert status(module, at) == answered


@given(chunks=st.lists(st.binary(max_size=200), max_size=8))
def test_any_bytes_leave_the_module_bounded_and_able_to_answer(chunks: list[bytes]) -> None:
    module = SamModule()
    for chunk in chunks:
        module.receive(chunk)
        assert len(module._buffer) < 300
    # At worst the bytes look like the start of one request: what follows completes it, and the next is understood.
    module.receive(bytes(64))
    assert status(module, Command.STATUS) == 0x90
