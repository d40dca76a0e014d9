"""A virtual device at a keyboard: one action a line, every mistake answered with a sentence, never with a traceback."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.virtual.standing_alone import Action, CannotError, perform, usages


class Toy:
    def __init__(self) -> None:
        self.did: list[object] = []

    def lay(self, card: str, defect: str = "none") -> None:
        if card == "nobody":
            raise KeyError(card)
        self.did.append((card, defect))

    def slow(self, seconds: float = 2.0) -> None:
        self.did.append(seconds)

    def fault(self, status: int) -> None:
        self.did.append(status)

    def silence(self, on: bool = True) -> None:
        self.did.append(on)

    def actions(self) -> dict[str, Action]:
        return {"lay": self.lay, "slow": self.slow, "fault": self.fault, "silence": self.silence}


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("lay li-he", [("li-he", "none")]),
        ("lay './a card.json' damaged", [("./a card.json", "damaged")]),
        ("slow 0.5", [0.5]),
        ("slow", [2.0]),
        ("fault 0x66", [0x66]),
        ("silence off", [False]),
        ("silence YES", [True]),
        ("   ", []),
    ],
)
def test_a_line_is_an_action_and_its_arguments(line: str, done: list[object]) -> None:
    toy = Toy()
    perform(toy.actions(), line)
    assert toy.did == done


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("fly", "there are fault, lay, silence, slow"),
        ("slow soon", "seconds: a number"),
        ("silence perhaps", "on or off"),
        ("slow 1 2", r"too much; slow \[SECONDS:float\]"),
        ("lay", r"lay CARD:text \[DEFECT:text\]"),
        ("lay nobody", "cannot be done"),
        ("lay 'open", "No closing quotation"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(line: str, sentence: str) -> None:
    toy = Toy()
    with pytest.raises(CannotError, match=sentence):
        perform(toy.actions(), line)
    assert toy.did == []


@given(line=st.text(max_size=80))
def test_any_line_is_done_or_refused_in_words(line: str) -> None:
    with contextlib.suppress(CannotError):
        perform(Toy().actions(), line)


def test_every_action_is_listed_with_its_arguments() -> None:
    assert "silence [ON:bool]" in usages(Toy().actions()).splitlines()
