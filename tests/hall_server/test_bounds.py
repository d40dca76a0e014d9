"""Every field of every event a terminal may send has a bound; what passes it is poison, and nothing raises."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.day import bounding
from hall.day.examining import TERMINAL_KINDS
from hall.errors import HallError, Reason
from hall.events import CallAnnounced, Event, TicketIssued
from hall.ids import TerminalId
from hall.pack.hall_pack import HallPack
from hall_server.ledger.store import Ledger
from hall_server.mqtt.parcels import unpack
from hall_server.writer.jobs import UpJob
from tests.hall_server.conftest import HandWriter
from tests.hall_server.console_hall import PAGES, Hall

KINDS = tuple(kind for kind in get_args(Event) if isinstance(kind, type))
ISSUED = {
    "kind": "TicketIssued",
    "ticket": "t1",
    "day": "2026-11-23",
    "series": "A",
    "number": 701,
    "label": "A701",
    "item": "SI-301",
    "issued_at": 1_795_400_000.0,
    "reserve": True,
}
WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=400),
    st.lists(st.text(max_size=5), max_size=90),
)


def sent(event: dict[str, object], seq: int = 1) -> UpJob:
    envelope = {"device": "K1", "epoch": 1, "seq": seq, "event_id": f"e{seq}", "at": 1.0, "event": event}
    return unpack(TerminalId("K1"), msgspec.json.encode({"events": [envelope]}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issued_at", -1e300),
        ("issued_at", 1e300),
        ("label", "长" * 10_000),
        ("item", "x" * 121),
        ("number", -5),
        ("number", 10**18),
        ("more_items", ["SI-301"] * 300),
        ("ticket", "a\u0000b"),
        ("quote", {"people_ahead": 10**12, "low_min": 0, "high_min": 1}),
        ("quote", {"people_ahead": 1, "low_min": -(10**9), "high_min": 1}),
    ],
)
def test_what_no_terminal_can_mean_goes_to_quarantine_with_its_reason(
    writer: HandWriter, ledger: Ledger, field: str, value: object
) -> None:
    writer.turn(sent({**ISSUED, field: value}))
    (held,) = ledger.quarantine()
    assert held.reason in {Reason.MALFORMED, Reason.TOO_LARGE}
    assert held.sentence
    assert writer.heard.marks[-1][1].marks == {"1": 1}, "it holds nothing up"
    assert writer._stand().state.tickets == {}


@pytest.mark.parametrize("raw", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_a_time_that_is_no_number_is_poison(raw: bytes) -> None:
    body = msgspec.json.encode(ISSUED).replace(b"1795400000.0", raw)
    up = b'{"events":[{"device":"K1","epoch":1,"seq":1,"event_id":"e","at":1.0,"event":' + body + b"}]}"
    job = unpack(TerminalId("K1"), up)
    assert all(parcel.event is None for parcel in job.parcels)
    assert job.parcels or job.rubbish


@pytest.mark.parametrize("at", [1e300, -1e300, 1e12])
def test_an_event_noted_at_a_time_that_is_no_date_is_poison_and_the_console_lives(
    pack: HallPack, writer: HandWriter, ledger: Ledger, at: float
) -> None:
    envelope = {"device": "K1", "epoch": 1, "seq": 1, "event_id": "e1", "at": at, "event": ISSUED}
    writer.turn(unpack(TerminalId("K1"), msgspec.json.encode({"events": [envelope]})))
    assert writer.heard.marks[-1][1].marks == {"1": 1}, "it holds nothing up"
    (held,) = ledger.quarantine()
    assert held.reason == Reason.MALFORMED
    hall = Hall(pack, ledger, writer)
    assert {page: hall.inside().get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)


def test_what_terminals_send_is_taken() -> None:
    assert sent(ISSUED).parcels[0].event is not None
    bounding.check(
        CallAnnounced(call_seq=1, label="A001", window="3", shown_at=1e9, spoken_at=None, text="请" * 300)  # type: ignore[arg-type]
    )


def test_every_kind_that_a_terminal_may_send_is_a_kind() -> None:
    assert {kind.__name__ for kind in KINDS} >= TERMINAL_KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_wild_fields_never_raise_and_are_either_bounded_or_poison(kind: type, data: st.DataObject) -> None:
    drawn = {field.name: data.draw(WILD) for field in msgspec.structs.fields(kind)}
    job = sent({"kind": kind.__name__, **drawn})
    for parcel in job.parcels:
        if parcel.event is not None:
            bounding.check(parcel.event)


@settings(max_examples=60)
@given(at=st.floats(), number=st.integers(), label=st.text())
def test_what_the_bounds_take_can_be_written_again(at: float, number: int, label: str) -> None:
    event = msgspec.structs.replace(msgspec.convert(ISSUED, TicketIssued), issued_at=at, number=number, label=label)
    try:
        bounding.check(event)
    except HallError:
        return  # poison, which is another test's matter
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
