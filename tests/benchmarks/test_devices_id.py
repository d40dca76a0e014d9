"""The figure of the card reader's benchmark: never better than the wire, and within the promise."""

from benchmarks.devices_id import id_card_ratio


def test_a_record_is_in_hand_when_the_wire_has_carried_it() -> None:
    assert 0.99 <= id_card_ratio(115_200) <= 1.5  # the promise is 1.15, measured on a machine that does nothing else
