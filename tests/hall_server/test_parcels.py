import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.events import HelpRequested
from hall.ids import EventId, TerminalId
from hall.wire.codec import encode
from hall.wire.lanes import MAX_EVENTS_PER_MESSAGE, Envelope, Up
from hall_server.mqtt.parcels import MAX_EVENT_BYTES, unpack
from hall_server.writer.jobs import UpJob

K1 = TerminalId("K1")


def sent(*, device: str = "K1", epoch: int = 1, seq: int = 1, event_id: str = "e1", step: str = "home") -> bytes:
    event = HelpRequested(terminal=K1, step=step, at=1.0)
    one = Envelope(device=TerminalId(device), epoch=epoch, seq=seq, event_id=EventId(event_id), at=1.0, event=event)
    return encode(Up(events=[msgspec.Raw(encode(one))]))


@given(st.binary(max_size=300))
def test_no_bytes_ever_raise(payload: bytes) -> None:
    assert isinstance(unpack(K1, payload), UpJob)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4)))
def test_no_json_in_the_place_of_an_event_ever_raises(value: object) -> None:
    payload = b'{"events":[' + msgspec.json.encode(str(value)) + b"," + msgspec.json.encode([str(value)]) + b"]}"
    job = unpack(K1, payload)
    assert len(job.rubbish) == 2


def test_a_well_formed_event_keeps_its_own_bytes() -> None:
    (parcel,) = unpack(K1, sent()).parcels
    assert isinstance(parcel.event, HelpRequested)
    assert msgspec.json.decode(parcel.body, type=HelpRequested) == parcel.event


def test_an_envelope_of_another_device_is_rubbish() -> None:
    (scrap,) = unpack(K1, sent(device="K2")).rubbish
    assert scrap.reason is Reason.NOT_ALLOWED


def test_counters_and_ids_that_no_terminal_mints_are_rubbish() -> None:
    for payload in (
        sent(seq=0),
        sent(seq=-1),
        sent(epoch=0),
        sent(seq=2**60),
        sent(event_id=""),
        sent(event_id="x" * 65),
    ):
        job = unpack(K1, payload)
        assert (len(job.parcels), len(job.rubbish)) == (0, 1)


def test_an_event_of_an_unknown_kind_or_of_great_size_is_poison_with_its_sequence() -> None:
    unknown = sent(seq=7).replace(b"HelpRequested", b"HelpImagined")
    large = sent(seq=8, step="x" * MAX_EVENT_BYTES)
    for payload, seq, reason in ((unknown, 7, Reason.MALFORMED), (large, 8, Reason.TOO_LARGE)):
        (parcel,) = unpack(K1, payload).parcels
        assert (parcel.event, parcel.seq, parcel.reason) == (None, seq, reason)


def test_no_more_than_the_agreed_number_of_events_is_taken_from_one_message() -> None:
    many = encode(Up(events=[msgspec.json.decode(sent(), type=Up).events[0]] * (MAX_EVENTS_PER_MESSAGE + 5)))
    assert len(unpack(K1, many).parcels) == MAX_EVENTS_PER_MESSAGE
