"""A seal opens with its key and its purpose, and with nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import HallError, Reason
from hall.ids import StaffId, TerminalId
from hall.ledger.sealing import KEY_BYTES, pin_context, public_key, seal, unseal

KEYS = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)


@given(plain=st.binary(max_size=2_000), private=KEYS, ephemeral=KEYS, purpose=st.text(min_size=1, max_size=20))
def test_what_is_sealed_opens_unchanged(plain: bytes, private: bytes, ephemeral: bytes, purpose: str) -> None:
    sealed = seal(public_key(private), plain, ephemeral, purpose)
    assert unseal(private, sealed, purpose) == plain


@given(plain=st.binary(max_size=200), at=st.integers(min_value=0), change=st.integers(1, 255))
def test_any_changed_byte_is_found(plain: bytes, at: int, change: int) -> None:
    private = bytes(range(KEY_BYTES))
    sealed = bytearray(seal(public_key(private), plain, b"\x07" * KEY_BYTES, "pin"))
    at %= len(sealed)
    # The top bit of an X25519 public key is ignored by the standard (RFC 7748 section 5), so it names the same key;
    # the key schedule covers the bytes as they came, so even that change is found.
    sealed[at] ^= change
    with pytest.raises(HallError) as refused:
        unseal(private, bytes(sealed), "pin")
    assert refused.value.reason is Reason.MALFORMED


def test_another_key_or_purpose_does_not_open() -> None:
    private = bytes(range(KEY_BYTES))
    sealed = seal(public_key(private), b"246810", b"\x07" * KEY_BYTES, "pin")
    for key, purpose in ((b"\x01" * KEY_BYTES, "pin"), (private, "holder")):
        with pytest.raises(HallError):
            unseal(key, sealed, purpose)


def test_another_context_does_not_open() -> None:
    private = bytes(range(KEY_BYTES))
    mine = pin_context(TerminalId("W07"), StaffId("0303"))
    sealed = seal(public_key(private), b"246810", b"\x07" * KEY_BYTES, "pin", mine)
    assert unseal(private, sealed, "pin", mine) == b"246810"
    for other in ("", pin_context(TerminalId("W14"), StaffId("0303")), pin_context(TerminalId("W07"), StaffId("0310"))):
        with pytest.raises(HallError):
            unseal(private, sealed, "pin", other)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_never_a_surprise(blob: bytes) -> None:
    with pytest.raises(HallError):
        unseal(bytes(range(KEY_BYTES)), blob, "pin")


def test_a_refusal_never_holds_what_was_sealed() -> None:
    with pytest.raises(HallError) as refused:
        unseal(b"\x01" * KEY_BYTES, b"\x01" + b"000000198907220025" * 4, "holder")
    assert "000000198907220025" not in str(refused.value)
