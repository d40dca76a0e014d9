"""Workers come and go with their devices: a thread, a timer for each answer, a driver; nothing of it stays."""

import itertools
import threading

from hall.ids import SessionId
from kiosk.devices.workers import IdReaderWorker
from kiosk.flows.words import Happened, IdCardRead
from kiosk.ports import DeviceError, Fault
from tests.devices.reconnecting import assert_nothing_leaks, reconnects
from tests.devices.workers.fakes import FakeIdReader


def test_a_worker_that_reads_a_card_and_stops_leaves_nothing() -> None:
    def read_one_card() -> None:
        read = threading.Event()

        def post(happened: Happened, _session: SessionId | None) -> None:
            if isinstance(happened, IdCardRead):
                read.set()

        worker = IdReaderWorker("K1.id_reader", FakeIdReader, post, lambda: "20261123")
        worker.start()
        worker.read(SessionId("me"))
        assert read.wait(60)
        assert worker.stop()

    assert_nothing_leaks(read_one_card, reconnects(usual=200))


class PulledSoon(FakeIdReader):
    """Opens, tells that it is well, and is gone at the first look."""

    def present(self) -> bool:
        raise DeviceError(Fault.DISCONNECTED, "K1.id_reader", "the cable is gone")


def test_a_device_that_is_lost_and_found_again_leaves_nothing() -> None:
    now = itertools.count(step=10.0)
    worker = IdReaderWorker(
        "K1.id_reader", PulledSoon, lambda _happened, _session: None, lambda: "20261123", monotonic=lambda: next(now)
    )
    assert_nothing_leaks(worker.step, reconnects(usual=400))
    assert worker.report().code == "disconnected"
    assert worker.stop()
