"""IPP's bytes: the example of RFC 8010 appendix A, round trips, and anything else that a wire may carry."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.sheet_printers.ipp import (
    Attribute,
    Attributes,
    Group,
    IppError,
    Message,
    Operation,
    Tag,
    Value,
    attribute,
    decode,
    encode,
    request,
)

RFC_8010_A2 = bytes.fromhex(
    "0101 0000 00000001 01"
    "47 0012 617474726962757465732d63686172736574 0005 7574662d38"
    "48 001b 617474726962757465732d6e61747572616c2d6c616e6775616765 0005 656e2d7573"
    "41 000e 7374617475732d6d657373616765 000d 7375636365737366756c2d6f6b"
    "02"
    "21 0006 6a6f622d6964 0004 00000093"
    "45 0007 6a6f622d757269 0019 6970703a2f2f7072696e7465722e6578616d706c652f313233"
    "23 0009 6a6f622d7374617465 0004 00000003"
    "03"
)
"""A successful answer to Print-Job, laid out as in RFC 8010 A.2."""

CONTENTS = st.one_of(
    st.builds(Value, st.sampled_from([Tag.INTEGER, Tag.ENUM]), st.integers(-(2**31), 2**31 - 1)),
    st.builds(Value, st.just(Tag.BOOLEAN), st.booleans()),
    st.builds(Value, st.sampled_from([Tag.NAME, Tag.KEYWORD, Tag.TEXT, Tag.URI]), st.text(max_size=60)),
    st.builds(Value, st.sampled_from([Tag.OCTETS, Tag.DATE_TIME]), st.binary(max_size=60)),
    st.builds(Value, st.sampled_from([Tag.NO_VALUE, Tag.UNKNOWN, Tag.UNSUPPORTED]), st.none()),
)
NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=30)
ATTRIBUTES = st.builds(Attribute, NAMES, st.lists(CONTENTS, min_size=1, max_size=4).map(tuple))
GROUPS = st.builds(Attributes, st.sampled_from(list(Group)), st.lists(ATTRIBUTES, max_size=5).map(tuple))
MESSAGES = st.builds(
    Message,
    st.integers(0, 0xFFFF),
    st.integers(1, 2**31 - 1),
    st.lists(GROUPS, max_size=3).map(tuple),
    st.binary(max_size=80),
)


def test_the_example_of_the_standard_is_read() -> None:
    told = decode(RFC_8010_A2)
    assert (told.code, told.request, told.document) == (0, 1, b"")
    assert told.group(Group.OPERATION).first("status-message") == "successful-ok"
    assert told.group(Group.JOB).number("job-id") == 147
    assert told.group(Group.JOB).words("job-uri") == ("ipp://printer.example/123",)
    assert told.group(Group.JOB).number("job-state") == 3
    assert encode(told) == RFC_8010_A2


def test_a_request_is_written_as_the_standard_demands() -> None:
    uri = attribute("printer-uri", Tag.URI, "ipp://localhost/printers/a4")
    asked = encode(request(Operation.SEND_DOCUMENT, 7, (Attributes(Group.OPERATION, (uri,)),), b"%PDF"))
    assert asked.startswith(bytes.fromhex("0101 0006 00000007 01 47 0012") + b"attributes-charset\x00\x05utf-8\x48")
    assert asked.endswith(b"\x45\x00\x0bprinter-uri\x00\x1bipp://localhost/printers/a4\x03%PDF")


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert decode(encode(message)) == message


@given(st.one_of(st.binary(max_size=300), st.builds(lambda tail: RFC_8010_A2[:-1] + tail, st.binary(max_size=60))))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(IppError):
        assert len(decode(data).document) <= len(data)


def test_a_message_cut_short_is_refused() -> None:
    for end in range(len(RFC_8010_A2)):
        with pytest.raises(IppError):
            decode(RFC_8010_A2[:end])


def test_an_endless_list_of_values_is_refused() -> None:
    with pytest.raises(IppError):
        decode(RFC_8010_A2[:9] + b"\x22\x00\x01a\x00\x01\x01" + b"\x22\x00\x00\x00\x01\x01" * 5_000 + b"\x03")


def test_a_name_that_is_too_long_for_the_wire_is_refused() -> None:
    with pytest.raises(IppError):
        encode(request(Operation.CREATE_JOB, 1, (Attributes(1, (attribute("job-name", Tag.NAME, "x" * 40_000),)),)))


def test_a_value_is_not_shown_by_its_repr() -> None:
    assert "李和" not in repr(attribute("job-name", Tag.NAME, "李和"))
