"""After a reading only name, number and birth leave the driver; photo, address and the rest are nowhere in memory."""

import gc
from collections.abc import Iterator
from dataclasses import fields

import pytest

from hall.ids import SessionId
from kiosk.devices.id_readers.sam_serial import Options, connect
from kiosk.devices.virtual.id_faces import Defect, IdFace
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.devices.workers import IdReaderWorker
from kiosk.flows.words import CardFailed, IdCardRead
from kiosk.ports import IdCard, IdReader
from tests.devices.workers.fakes import Posts

TODAY = "20261123"
ADDRESS = "示例省示例市无人知道的街7号"
LI_HE = IdFace("李和", "000000198907220025", address=ADDRESS, issuer="示例市某某公安分局")
LONGEST_HELD = 255
"""Shorter than the smallest block of a card: the text has 256 bytes, photo and fingerprint 1,024 each."""


@pytest.fixture
def sam() -> Iterator[VirtualSam]:
    told = VirtualSam(tcp_port=0, read_s=0.0, baud=921_600)
    told.start()
    yield told
    told.stop()


def held_by(root: object) -> Iterator[object]:
    """Everything that can be reached from `root`, short of modules, classes and code that belong to nobody."""
    seen: set[int] = set()
    todo = [root]
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, type(gc) | type):
            continue
        seen.add(id(one))
        yield one
        if callable(one) and hasattr(one, "__code__"):  # a function: what it closed over, not its module
            todo.extend(cell.cell_contents for cell in getattr(one, "__closure__", None) or ())
        else:
            todo.extend(gc.get_referents(one))


def assert_holds_nothing_of_a_card(root: object) -> None:
    secrets = (LI_HE.name, LI_HE.number, ADDRESS, LI_HE.issuer)
    for one in held_by(root):
        if isinstance(one, bytes | bytearray | memoryview):
            assert len(one) <= LONGEST_HELD
            assert not any(secret.encode("utf-16-le") in bytes(one) for secret in secrets)
        elif isinstance(one, str):
            assert not any(secret in one for secret in secrets)


def test_the_search_finds_what_is_held() -> None:
    for kept in (LI_HE.photo_block(), LI_HE.name, {"a": [LI_HE.text_block()]}):
        with pytest.raises(AssertionError):
            assert_holds_nothing_of_a_card([kept])


def test_a_card_has_three_fields_and_no_more() -> None:
    assert [field.name for field in fields(IdCard)] == ["name", "number", "birth"]


@pytest.mark.parametrize("defect", [Defect.NONE, Defect.SPOILED, Defect.DAMAGED, Defect.FORGED])
def test_the_driver_holds_nothing_of_a_card_it_has_read(sam: VirtualSam, defect: Defect) -> None:
    reader: IdReader = connect(Options(sam._address), "id_reader")
    sam.lay(IdFace("李和", LI_HE.number, address=ADDRESS, defect=defect))
    assert reader.present()
    reader.read(TODAY)
    assert_holds_nothing_of_a_card(reader)
    reader.close()


def test_the_worker_holds_nothing_of_a_card_once_its_person_left(sam: VirtualSam) -> None:
    posts = Posts()
    reader = connect(Options(sam._address), "id_reader")
    worker = IdReaderWorker("K1.id_reader", lambda: reader, posts, lambda: TODAY)
    sam.lay(LI_HE)
    worker.step()
    worker.read(SessionId("me"))
    worker.step()
    assert any(isinstance(happened, IdCardRead) for happened, _ in posts.entries)
    worker.person_left()
    worker.step()
    posts.entries.clear()
    assert_holds_nothing_of_a_card(worker)
    assert worker.stop()


def test_a_reading_that_failed_leaves_nothing_either(sam: VirtualSam) -> None:
    posts = Posts()
    reader = connect(Options(sam._address), "id_reader")
    worker = IdReaderWorker("K1.id_reader", lambda: reader, posts, lambda: TODAY)
    sam.lay(IdFace("李和", LI_HE.number, address=ADDRESS, valid_to="20200101"))
    worker.step()
    worker.read(SessionId("me"))
    worker.step()
    assert any(isinstance(happened, CardFailed) for happened, _ in posts.entries)
    assert_holds_nothing_of_a_card(worker)
    assert worker.stop()
