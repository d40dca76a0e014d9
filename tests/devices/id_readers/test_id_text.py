"""The text block: four layouts, expiry, rare names; the faces that write it are the other half of the check."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.id_readers.id_text import holder_in
from kiosk.devices.id_readers.rare_names import with_real_characters
from kiosk.devices.virtual.id_faces import Defect, IdFace, Kind, face_from

TODAY = "20261123"
LI_HE = IdFace("李和", "000000198907220025")


@pytest.mark.parametrize(
    "face",
    [
        LI_HE,
        IdFace("张安", "000000196203150015", valid_to="长期"),
        IdFace("阿依古丽·麦麦提", "000000199106060089"),
        IdFace("陈大文", "810000199408230021", kind=Kind.RESIDENCE_PERMIT),
        IdFace("TEST FOREIGN", "900000198001010016", kind=Kind.FOREIGNER_2023),
        IdFace("TEST FOREIGN WITH A NAME OF MORE THAN 35 LETTERS", "900000198001010016", kind=Kind.FOREIGNER_2023),
        IdFace("TEST FOREIGN", "XXX110080010100", birth="19800101", kind=Kind.FOREIGNER_2017),
        IdFace("测试", "XXX110080010100", birth="19800101", kind=Kind.FOREIGNER_2017),
    ],
)
def test_each_kind_of_card_gives_name_number_and_birth(face: IdFace) -> None:
    block = face.text_block()
    holder = holder_in(block, TODAY)
    assert len(block) == 256
    assert holder is not None
    assert (holder.name, holder.number) == (face.name[:46], face.number)
    assert holder.birth == (face.birth or face.number[6:14])


def test_fields_stand_where_the_published_table_puts_them() -> None:
    block = LI_HE.text_block()
    assert block[36:52].decode("utf-16-le") == "19890722"
    assert block[122:158].decode("utf-16-le") == "000000198907220025"
    assert block[204:220].decode("utf-16-le") == "20400101"
    assert block[248:250] == b" \0"
    permit = replace(LI_HE, kind=Kind.RESIDENCE_PERMIT).text_block()
    assert permit[248:250] == b"J\0"


def test_the_last_day_still_serves_and_the_next_does_not() -> None:
    holder = holder_in(replace(LI_HE, valid_to="20261123").text_block(), TODAY)
    assert holder is not None
    assert not holder.expired("20261123")
    assert holder.expired("20261124")


def test_a_long_term_card_never_expires() -> None:
    holder = holder_in(replace(LI_HE, valid_to="长期").text_block(), TODAY)
    assert holder is not None
    assert not holder.expired("99991231")


@pytest.mark.parametrize("valid_to", ["", "2040", "20401301", "永久"])
def test_a_card_that_does_not_tell_its_last_day_is_damaged(valid_to: str) -> None:
    assert holder_in(replace(LI_HE, valid_to=valid_to).text_block(), TODAY) is None


@pytest.mark.parametrize(
    "face",
    [
        replace(LI_HE, defect=Defect.SPOILED),
        replace(LI_HE, birth="19890723"),
        replace(LI_HE, name=""),
        replace(LI_HE, name="李\x07和"),
        replace(LI_HE, number="XXX110080010100"),
    ],
)
def test_what_does_not_hold_together_is_damaged(face: IdFace) -> None:
    assert holder_in(face.text_block(), TODAY) is None


FACES = {
    Kind.CITIZEN: LI_HE,
    Kind.RESIDENCE_PERMIT: IdFace("陈大文", "810000199408230021", kind=Kind.RESIDENCE_PERMIT),
    Kind.FOREIGNER_2017: IdFace("测试", "XXX110080010100", birth="19800101", kind=Kind.FOREIGNER_2017),
    Kind.FOREIGNER_2023: IdFace("TEST FOREIGN", "900000198001010016", kind=Kind.FOREIGNER_2023),
}


@pytest.mark.parametrize("face", FACES.values(), ids=list(FACES))
def test_in_each_layout_a_broken_field_makes_the_card_damaged_never_half_read(face: IdFace) -> None:
    assert holder_in(face.text_block(), TODAY) is not None
    for broken in (
        replace(face, name=""),
        replace(face, name="\u202e测试"),
        replace(face, number=""),
        replace(face, number=face.number[:-1] + "*"),
        replace(face, birth="19800230"),
        replace(face, birth="20991231"),
        replace(face, valid_to="20400230"),
        replace(face, valid_to=" "),
    ):
        assert holder_in(broken.text_block(), TODAY) is None


@pytest.mark.parametrize("face", FACES.values(), ids=list(FACES))
@pytest.mark.parametrize("length", [0, 1, 248, 255, 257, 512])
def test_a_block_of_another_length_is_no_card(face: IdFace, length: int) -> None:
    assert holder_in((face.text_block() * 2)[:length], TODAY) is None


@pytest.mark.parametrize("face", FACES.values(), ids=list(FACES))
def test_half_a_character_anywhere_never_changes_who_the_holder_is(face: IdFace) -> None:
    whole = holder_in(face.text_block(), TODAY)
    assert whole is not None
    for at in range(0, 256, 2):
        block = bytearray(face.text_block())
        block[at : at + 2] = b"\x00\xd8"  # a lone surrogate: no text
        holder = holder_in(bytes(block), TODAY)
        assert holder is None or holder == whole


@pytest.mark.parametrize("face", FACES.values(), ids=list(FACES))
def test_a_card_with_the_mark_of_another_layout_is_damaged(face: IdFace) -> None:
    for mark in " JIYQ\u4e00":
        block = bytearray(face.text_block())
        if block[248:250] == mark.encode("utf-16-le"):
            continue
        block[248:250] = mark.encode("utf-16-le")
        holder = holder_in(bytes(block), TODAY)
        # Citizens and residents share their fields; so do, for a name that fits one field, the cards of 2023.
        assert holder is None or holder.number == face.number


def test_an_unknown_type_mark_is_not_guessed() -> None:
    block = bytearray(LI_HE.text_block())
    block[248] = ord("Q")
    assert holder_in(bytes(block), TODAY) is None


def test_private_use_characters_become_the_real_ones() -> None:
    holder = holder_in(IdFace("王\ue863", "000000200101010096").text_block(), TODAY)
    assert holder is not None
    assert holder.name == "王䶮"
    assert with_real_characters("\ue854\ue816\ue7c7\ue81e") == "\u9fba\U00020087\u1e3f\u9fb4"
    assert with_real_characters("\ue000") == "\ue000"


@given(
    name=st.text(st.characters(codec="gb18030", min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=15)
)
def test_any_chinese_name_that_fits_comes_back(name: str) -> None:
    holder = holder_in(replace(LI_HE, name=name).text_block(), TODAY)
    assert holder is not None
    assert holder.name == name


@given(block=st.binary(min_size=256, max_size=256))
def test_any_256_bytes_are_judged_without_a_crash(block: bytes) -> None:
    holder = holder_in(block, TODAY)
    assert holder is None or len(holder.number) <= 18


@given(at=st.integers(0, 255), value=st.integers(0, 255))
def test_one_wrong_byte_never_changes_the_number(at: int, value: int) -> None:
    block = bytearray(LI_HE.text_block())
    block[at] = value
    holder = holder_in(bytes(block), TODAY)
    assert holder is None or holder.number == LI_HE.number


def test_a_holder_shows_nothing_when_printed() -> None:
    text = repr(holder_in(LI_HE.text_block(), TODAY))
    assert "李" not in text
    assert "1989" not in text


def test_a_face_is_built_from_the_fields_of_a_form() -> None:
    told = {"name": "李和", "number": "000000198907220025", "kind": "citizen", "defect": "damaged", "valid_to": "长期"}
    assert face_from(told) == replace(LI_HE, defect=Defect.DAMAGED, valid_to="长期")
    with pytest.raises(ValueError, match="stolen"):
        face_from({**told, "defect": "stolen"})
