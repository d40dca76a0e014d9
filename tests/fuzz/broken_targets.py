"""A parser that is wrong on purpose, so that the harness can show that it finds what it must."""

from tests.fuzz.target import Target


def forgetful(data: bytes) -> None:
    """Trusts a length byte that comes from outside."""
    if data[:2] == b"\xaa\x96":
        assert data[2 + data[2]] != data[0]


def careful(data: bytes) -> None:
    """Looks before it reads."""
    if data[:2] == b"\xaa\x96" and len(data) > 2 and 2 + data[2] < len(data):
        assert data[2 + data[2]] == data[2 + data[2]]


TARGETS = {
    "forgetful": Target(forgetful, (b"\xaa\x96\x01\x00",)),
    "careful": Target(careful, (b"\xaa\x96\x01\x00",)),
}
