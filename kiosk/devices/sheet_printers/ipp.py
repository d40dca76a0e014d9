"""The Internet Printing Protocol's messages (RFC 8010): bytes to attributes and back, pure.

A message is version, operation or status, request id, groups of attributes, then the document. An attribute has one or
more values, each with its own tag; members of a collection follow it as further values, which is how they are encoded.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

VERSION = b"\x01\x01"
"""IPP/1.1: every printer since 2000 and every CUPS speaks it."""
MAX_ATTRIBUTES = 4_000
"""A talkative printer tells 300; more is no printer."""
MAX_LENGTH = 0x7FFF
"""RFC 8010 3.1: lengths are signed shorts."""
HEAD = struct.Struct(">2sHi")
END = 0x03
_LAST_GROUP = 0x0F


class IppError(ValueError):
    """These bytes are no IPP message; says where, never what stood there."""


class Group(IntEnum):
    """Delimiters of groups."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Value tags that we write; others are read as bytes or text by their range."""

    UNSUPPORTED = 0x10
    UNKNOWN = 0x12
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    OCTETS = 0x30
    DATE_TIME = 0x31
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


class Operation(IntEnum):
    """What is asked (RFC 8011 5.4.15)."""

    PRINT_JOB = 0x02
    VALIDATE_JOB = 0x04
    CREATE_JOB = 0x05
    SEND_DOCUMENT = 0x06
    CANCEL_JOB = 0x08
    GET_JOB = 0x09
    GET_JOBS = 0x0A
    GET_PRINTER = 0x0B


Content = int | bool | str | bytes | None
"""None for the three tags without value."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its tag."""

    tag: int
    content: Content = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A name and at least one value."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Attributes:
    """One group."""

    group: int
    attributes: tuple[Attribute, ...]

    def all(self, name: str) -> tuple[Content, ...]:
        """Return all values of an attribute; none when it is not there."""
        found = next((each for each in self.attributes if each.name == name), None)
        return tuple(value.content for value in found.values) if found else ()

    def first(self, name: str) -> Content:
        """Return the first value, None when there is none."""
        return next(iter(self.all(name)), None)

    def number(self, name: str) -> int | None:
        """Return the first value if it is a number."""
        found = self.first(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def words(self, name: str) -> tuple[str, ...]:
        """Return all values that are text."""
        return tuple(content for content in self.all(name) if isinstance(content, str))


@dataclass(frozen=True, slots=True)
class Message:
    """`code` is the operation of a request, the status of an answer."""

    code: int
    request: int
    groups: tuple[Attributes, ...]
    document: bytes = field(default=b"", repr=False)

    def group(self, tag: int) -> Attributes:
        """Return the first group with this tag, an empty one when there is none."""
        return next((each for each in self.groups if each.group == tag), Attributes(tag, ()))


def attribute(name: str, tag: int, *contents: Content) -> Attribute:
    """Return an attribute whose values share one tag."""
    return Attribute(name, tuple(Value(tag, content) for content in contents))


def encode(message: Message) -> bytes:
    """Return the bytes; `IppError` for what has no place in a message."""
    parts = [HEAD.pack(VERSION, message.code, message.request)]
    for group in message.groups:
        parts.append(bytes((group.group,)))
        for told in group.attributes:
            parts += _attribute(told)
    parts.append(bytes((END,)))
    parts.append(message.document)
    return b"".join(parts)


def _attribute(told: Attribute) -> Iterator[bytes]:
    name = told.name.encode("ascii")
    for value in told.values:
        body = _body(value)
        if len(body) > MAX_LENGTH or len(name) > MAX_LENGTH:
            raise IppError("a value is longer than a message can hold")
        yield struct.pack(">BH", value.tag, len(name)) + name + struct.pack(">H", len(body)) + body
        name = b""


def _body(value: Value) -> bytes:
    match value.content:
        case None:
            return b""
        case bool(truth):
            return bytes((truth,))
        case int(number):
            return struct.pack(">i", number)
        case str(text):
            return text.encode()
        case bytes(octets):
            return octets


def decode(data: bytes) -> Message:
    """Return the message, or raise `IppError`; bounded by the bytes given."""
    if len(data) < HEAD.size:
        raise IppError("the message ends in its head")
    version, code, request = HEAD.unpack_from(data)
    if version[0] not in (1, 2):
        raise IppError("no version of IPP that we know")
    reader = _Reader(data, HEAD.size)
    groups: list[tuple[int, list[Attribute]]] = []
    count = 0
    while (tag := reader.byte()) != END:
        if tag <= _LAST_GROUP:
            groups.append((tag, []))
            continue
        count += 1
        if not groups or count > MAX_ATTRIBUTES:
            raise IppError("a value stands before the first group" if not groups else "too many values")
        _take(tag, reader, groups[-1][1])
    told = tuple(Attributes(group, tuple(attributes)) for group, attributes in groups)
    return Message(code, request, told, reader.rest())


def _take(tag: int, reader: "_Reader", attributes: list[Attribute]) -> None:
    name, body = reader.string(), reader.string()
    value = Value(tag, _content(tag, body))
    if name:
        attributes.append(Attribute(_text(name), (value,)))
    elif attributes:
        last = attributes[-1]
        attributes[-1] = Attribute(last.name, (*last.values, value))
    else:
        raise IppError("a further value stands before the first")


def _content(tag: int, body: bytes) -> Content:
    if tag in (Tag.INTEGER, Tag.ENUM):
        if len(body) != struct.calcsize(">i"):
            raise IppError("a number has not four bytes")
        return int(struct.unpack(">i", body)[0])
    if tag == Tag.BOOLEAN:
        if body not in (b"\x00", b"\x01"):
            raise IppError("a truth is neither 0 nor 1")
        return body == b"\x01"
    if Tag.UNSUPPORTED <= tag < Tag.INTEGER:
        return None
    return _text(body) if Tag.TEXT <= tag <= 0x4F else body  # noqa: PLR2004 - RFC 8010 3.5.2: 4x are character strings


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise IppError("a text is not UTF-8") from error


class _Reader:
    """Walks over the bytes and never past their end."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def byte(self) -> int:
        return self._cut(1)[0]

    def string(self) -> bytes:
        return self._cut(int.from_bytes(self._cut(2), "big"))

    def rest(self) -> bytes:
        return self._data[self._at :]

    def _cut(self, count: int) -> bytes:
        cut = self._data[self._at : self._at + count]
        if count > MAX_LENGTH or len(cut) < count:
            raise IppError("the message ends too early")
        self._at += count
        return cut


def request(code: Operation, number: int, told: Sequence[Attributes], document: bytes = b"") -> Message:
    """Return a request; its first group begins with charset and language, as RFC 8011 4.1.4 demands."""
    head = (
        attribute("attributes-charset", Tag.CHARSET, "utf-8"),
        attribute("attributes-natural-language", Tag.LANGUAGE, "en"),
    )
    first, *rest = told
    return Message(code, number, (Attributes(first.group, (*head, *first.attributes)), *rest), document)
