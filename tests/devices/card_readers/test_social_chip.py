"""The virtual card as a judge: it answers wrong commands as cards do, and every manner of it can be asked for."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.card_readers.pcsc import Options, PcscReader
from kiosk.devices.virtual.bench_settings import load_people
from kiosk.devices.virtual.social_card import MANNERS, face_told
from kiosk.devices.virtual.social_chip import SocialCard as Chip
from kiosk.devices.virtual.social_chip import SocialFace
from kiosk.devices.virtual.standing_alone import CannotError
from kiosk.ports import CardProblem, NeedsAuthentication, SocialCard
from tests.devices.card_readers.test_pcsc_rules import InProcessSlot, reader_of

TODAY = "20261123"
LI_HE = SocialFace("李和", "000000198907220025")
PEOPLE = Path(__file__).parents[3] / "deploy/packs/qinghe/people.toml"
ENVIRONMENT = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
LONG_NAME = "阿卜杜拉·买买提·吐尔逊·艾合买提江·玉素甫"


def answers(face: SocialFace, *commands: str) -> list[str]:
    chip = Chip(face)
    chip.power(on=True)
    return [chip.answer(bytes.fromhex(command)).hex().upper() for command in commands]


def test_a_wrong_command_is_answered_as_a_card_answers_it() -> None:
    def last(*commands: str) -> str:
        return answers(LI_HE, ENVIRONMENT, *commands)[-1][-4:]

    assert last("80A4020002EF05") == "6E00"
    assert last("0044000000") == "6D00"
    assert last("00A4000002EF05") == "6A86"  # the other way
    assert last("00A4020C02EF05") == "6A86"
    assert last("00A4020003EF05") == "6700"
    assert last("00A4020002EF09") == "6A82"
    assert last("00B2030006") == "6986"  # no file
    assert last("00A4020002EF05", "00B2030006") == "9000"
    assert last("00A4020002EF05", "00B2030004") == "6C06"
    assert last("00A4020002EF05", "00B2030106") == "6A86"
    assert last("00A4020002EF05", "00B2330006") == "6A83"
    assert last("00A4020002EF05", "00B203") == "6F00"
    assert last("0020000103123456") == "6A86"
    assert last("00C0000010") == "6985"
    assert last("0084000008") == "9000"
    assert last("0084000004") == "6700"


def test_without_its_environment_a_card_has_no_files_and_no_pin() -> None:
    assert answers(LI_HE, "00A4020002EF05", "0020000003123456") == ["6A82", "6985"]
    assert answers(replace(LI_HE, locked=True), ENVIRONMENT) == ["9303"]
    assert answers(replace(LI_HE, tries=0), ENVIRONMENT, "0020000003123456") == ["9000", "6983"]


def test_an_answer_that_was_announced_is_lost_when_something_else_is_asked_first() -> None:
    card = replace(LI_HE, exact_length=False)
    opened = (ENVIRONMENT, "00C0000013", "00A4020002EF05")
    assert answers(card, *opened, "00B2030006", "00C0000004", "00C0000006")[-3:] == ["6106", "6C06", "0304322E30309000"]
    assert answers(card, *opened, "00B2030006", "0084000008", "00C0000006")[-1] == "6985"


def read(face: SocialFace) -> object:
    _, reader = reader_of(face)
    told = reader.read(TODAY)
    reader.close()
    return told


@pytest.mark.parametrize(
    ("manner", "told"),
    [
        *((manner, SocialCard) for manner in ("as_is", "v1", "v2", "v3", "spaces", "by_number", "way_00", "announces")),
        *((manner, NeedsAuthentication) for manner in ("hides", "refuses")),
        ("expired", CardProblem.EXPIRED),
        ("blocked", SocialCard),
        ("locked", CardProblem.REPLACE),
        ("broken", CardProblem.DAMAGED),
        ("mute", CardProblem.DAMAGED),
    ],
)
def test_every_manner_of_a_card_is_met(manner: str, told: type | CardProblem) -> None:
    got = read(MANNERS[manner](LI_HE))
    assert got is told if isinstance(told, CardProblem) else isinstance(got, told)


def test_every_manner_is_tried_above() -> None:
    tried = test_every_manner_of_a_card_is_met.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {manner for manner, _ in tried} == set(MANNERS)


@pytest.mark.parametrize("spaces", [False, True])
@pytest.mark.parametrize("by_number", [False, True])
def test_a_long_name_is_read_to_its_end_where_the_card_has_room_for_it(spaces: bool, by_number: bool) -> None:
    face = replace(LI_HE, name=LONG_NAME, name_extension=True, spaces=spaces, by_number=by_number)
    card = read(face)
    assert isinstance(card, SocialCard)
    assert card.name == LONG_NAME.encode("gb18030")[:50].decode("gb18030", "ignore")


def test_a_name_that_fills_its_field_may_have_no_extension() -> None:
    card = read(replace(LI_HE, name="依" * 15, name_extension=True))
    assert isinstance(card, SocialCard)
    assert card.name == "依" * 15


@pytest.mark.parametrize("by_number", [False, True])
def test_a_card_number_whose_check_character_is_wrong_is_a_damaged_card(by_number: bool) -> None:
    face = replace(LI_HE, card_number="X00000018", by_number=by_number)
    assert read(face) is CardProblem.DAMAGED
    lenient = PcscReader(InProcessSlot(face), Options(check_card_number=False), PinCoding.BCD, "card_reader")
    assert isinstance(lenient.read(TODAY), SocialCard)
    lenient.close()


def test_what_ended_a_reading_is_told_to_the_technician_and_nothing_of_the_card() -> None:
    _, reader = reader_of(replace(LI_HE, version="3.00", refuses_holder=True))
    reader.read(TODAY)
    assert reader.state().readings["last_card"] == "needs authentication for number, name"
    reader.close()
    slot, reader = reader_of(LI_HE)
    slot.answer = lambda _: b"\x65\x81"
    assert reader.read(TODAY) is CardProblem.DAMAGED
    assert reader.state().readings["last_card"] == "damaged, status word 6581"
    slot.answer = None
    reader.read(TODAY)
    assert reader.state().readings["last_card"] == "read"
    reader.close()


@given(
    replies=st.lists(
        st.binary(max_size=70)
        | st.binary(max_size=60).map(lambda value: value + b"\x90\x00")
        | st.sampled_from([b"\x90\x00", b"\x69\x82", b"\x6a\x83", b"\x61\x20", b"\x6c\x20", b"\x6a\x86"]),
        min_size=1,
        max_size=24,
    )
)
def test_whatever_a_card_answers_a_reading_ends_soon_and_well(replies: list[bytes]) -> None:
    slot, reader = reader_of(LI_HE)
    slot.answer = lambda _: replies[len(slot.sent) % len(replies)]
    told = reader.read(TODAY)
    assert isinstance(told, SocialCard | NeedsAuthentication | CardProblem)
    assert len(slot.sent) < 500
    assert not [command for command in slot.sent if command[1] == 0x20]
    reader.close()


def test_every_sample_card_of_the_demo_hall_is_sound() -> None:
    people = {key: person for key, person in load_people(PEOPLE).items() if person.social_card}
    assert people
    for key in people:
        face = face_told(key, "as_is", PEOPLE)
        assert isinstance(read(face), NeedsAuthentication if face.hides_holder else SocialCard), key


@pytest.mark.parametrize("told", ["nobody", "0", "99", "/nowhere/card.json"])
def test_a_card_that_does_not_exist_is_refused_in_words(told: str) -> None:
    with pytest.raises(CannotError, match="there is no such card"):
        face_told(told, "as_is", PEOPLE)


def test_a_manner_that_does_not_exist_is_refused_in_words() -> None:
    with pytest.raises(CannotError, match="melted"):
        face_told("li-he", "melted", PEOPLE)
