import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import HallError, Reason
from hall.ledger import chain
from hall.ledger.chain import Digest
from hall.ledger.sealed_fields import KEY_BYTES, FieldCipher, Place, changed, cipher_of, covered, open_field, seal_field

NONCE = bytes(range(12))
ROW = Place("2026-000017", "caller_name")
texts = st.text(max_size=60)
ciphers = st.sampled_from(list(FieldCipher))
digests = st.sampled_from(list(Digest))


def key_for(cipher: FieldCipher, fill: int = 7) -> bytes:
    return bytes([fill]) * KEY_BYTES[cipher]


def linked(bodies: list[bytes], algorithm: Digest) -> list[tuple[bytes, str]]:
    pairs, head = [], chain.GENESIS
    for body in bodies:
        head = chain.link(head, body, algorithm)
        pairs.append((body, head))
    return pairs


def flipped(body: bytes, at: int) -> bytes:
    place = at % (len(body) * 8)
    changed_byte = body[place // 8] ^ (1 << place % 8)
    return body[: place // 8] + bytes([changed_byte]) + body[place // 8 + 1 :]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_gives_the_two_answers_of_its_standard(message: bytes, expected: str) -> None:
    """GB/T 32905-2016, appendix A, examples 1 and 2."""
    assert chain.digest(message, Digest.SM3) == expected


def test_sha256_gives_the_answer_of_its_standard() -> None:
    """FIPS 180-4, one-block message."""
    assert chain.digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert chain.link(chain.GENESIS, b"x") == hashlib.sha256(bytes(32) + b"x").hexdigest()


def test_sm4_gives_the_answer_of_its_standard() -> None:
    """GB/T 32907-2016, appendix A, example 1: one block."""
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    work = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305 - the standard's example is one block
    assert (work.update(block) + work.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_answer_of_rfc_8998() -> None:
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    work = Cipher(algorithms.SM4(key), modes.GCM(bytes.fromhex("00001234567800000000abcd"))).encryptor()
    work.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    plain = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    secret = work.update(plain) + work.finalize()
    assert secret.hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d")
    assert work.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=8), digests, st.data())
def test_any_changed_bit_of_any_entry_is_found_and_the_first_broken_entry_named(
    bodies: list[bytes], algorithm: Digest, data: st.DataObject
) -> None:
    pairs = linked(bodies, algorithm)
    assert chain.verify(pairs, algorithm=algorithm) is None
    broken = sorted(data.draw(st.sets(st.integers(0, len(pairs) - 1), min_size=1)))
    for index in broken:
        body, told = pairs[index]
        pairs[index] = (flipped(body, data.draw(st.integers(0, 10_000))), told)
    assert chain.verify(pairs, algorithm=algorithm) == broken[0]


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=6), st.data())
def test_a_chain_of_one_algorithm_is_not_a_chain_of_the_other(bodies: list[bytes], data: st.DataObject) -> None:
    pairs = linked(bodies, Digest.SM3)
    assert chain.verify(pairs, algorithm=Digest.SHA256) == 0
    first = data.draw(st.integers(0, len(pairs) - 1))
    start = pairs[first - 1][1] if first else chain.GENESIS
    assert chain.verify(pairs[first:], start, Digest.SM3) is None


@given(texts, ciphers, st.binary(min_size=12, max_size=12))
def test_a_sealed_field_opens_in_its_place_with_its_key(text: str, cipher: FieldCipher, nonce: bytes) -> None:
    sealed = seal_field(key_for(cipher), nonce, ROW, text, cipher)
    assert open_field(key_for(cipher), ROW, sealed) == text
    assert cipher_of(sealed) is cipher


@given(texts, ciphers, st.integers(0, 100_000))
def test_any_changed_bit_of_a_sealed_field_shuts_it(text: str, cipher: FieldCipher, at: int) -> None:
    sealed = seal_field(key_for(cipher), NONCE, ROW, text, cipher)
    with pytest.raises(HallError) as told:
        open_field(key_for(cipher), ROW, flipped(sealed, at))
    assert told.value.reason is Reason.MALFORMED


@given(ciphers, st.sampled_from([Place("2026-000018", "caller_name"), Place("2026-000017", "phone")]))
def test_a_field_moved_to_another_row_or_column_or_opened_with_another_key_stays_shut(
    cipher: FieldCipher, elsewhere: Place
) -> None:
    sealed = seal_field(key_for(cipher), NONCE, ROW, "王平", cipher)
    with pytest.raises(HallError, match="does not open"):
        open_field(key_for(cipher), elsewhere, sealed)
    with pytest.raises(HallError, match="does not open"):
        open_field(key_for(cipher, 8), ROW, sealed)


def test_row_and_column_are_kept_apart() -> None:
    sealed = seal_field(key_for(FieldCipher.AES_GCM), NONCE, Place("ab", "c"), "x")
    with pytest.raises(HallError):
        open_field(key_for(FieldCipher.AES_GCM), Place("a", "bc"), sealed)


@pytest.mark.parametrize("cipher", FieldCipher)
def test_wrong_keys_nonces_sizes_and_bytes_are_refused_with_what_is_allowed(cipher: FieldCipher) -> None:
    key = key_for(cipher)
    with pytest.raises(HallError, match=f"keys of {KEY_BYTES[cipher]} bytes"):
        seal_field(key[:-1], NONCE, ROW, "x", cipher)
    with pytest.raises(HallError, match="12 bytes, this one 11"):
        seal_field(key, NONCE[:-1], ROW, "x", cipher)
    with pytest.raises(HallError, match="at most 65536"):
        seal_field(key, NONCE, ROW, "一" * 30_000, cipher)
    for rubbish in (b"", b"\x01", b"\x01\x09" + bytes(40), b"\x02\x01" + bytes(40)):
        with pytest.raises(HallError, match="not a sealed field"):
            open_field(key, ROW, rubbish)


def test_what_a_refusal_says_names_the_column_and_never_the_person() -> None:
    sealed = seal_field(key_for(FieldCipher.AES_GCM), NONCE, ROW, "王平")
    with pytest.raises(HallError) as told:
        open_field(key_for(FieldCipher.AES_GCM, 9), ROW, sealed)
    assert "caller_name" in str(told.value)
    assert "王平" not in str(told.value)


FACTS = b'{"serial":"2026-000017","form":"window"}'


def record(cipher: FieldCipher) -> dict[str, bytes]:
    key = key_for(cipher)
    return {
        column: seal_field(key, bytes([number]) * 12, Place("2026-000017", column), text, cipher)
        for number, (column, text) in enumerate({"caller_name": "王平", "phone": "12000000003"}.items())
    }


@pytest.mark.parametrize("algorithm", Digest)
@pytest.mark.parametrize("cipher", FieldCipher)
def test_when_the_key_is_destroyed_nobody_can_read_the_person_and_the_chain_is_whole(
    cipher: FieldCipher, algorithm: Digest
) -> None:
    fields = record(cipher)
    body = covered(FACTS, fields, algorithm)
    pairs = linked([b"before", body, b"after"], algorithm)
    key = b""  # destroyed at the retention date
    with pytest.raises(HallError):
        open_field(key, Place("2026-000017", "phone"), fields["phone"])
    assert covered(FACTS, fields, algorithm) == body
    assert chain.verify(pairs, algorithm=algorithm) is None
    assert changed(body, FACTS, fields, algorithm) == ()
    assert "王平".encode() not in body


@given(st.sampled_from(["caller_name", "phone"]), st.integers(0, 10_000), digests)
def test_any_other_change_of_a_record_shows_in_the_chain_and_names_its_column(
    column: str, at: int, algorithm: Digest
) -> None:
    fields = record(FieldCipher.AES_GCM)
    body = covered(FACTS, fields, algorithm)
    pairs = linked([b"before", body, b"after"], algorithm)
    touched = fields | {column: flipped(fields[column], at)}
    assert changed(body, FACTS, touched, algorithm) == (column,)
    rewritten = [pairs[0], (covered(FACTS, touched, algorithm), pairs[1][1]), pairs[2]]
    assert chain.verify(rewritten, algorithm=algorithm) == 1


def test_a_removed_or_added_field_and_changed_facts_show_too() -> None:
    fields = record(FieldCipher.AES_GCM)
    body = covered(FACTS, fields)
    assert changed(body, FACTS, {"phone": fields["phone"]}, Digest.SHA256) == ("caller_name",)
    assert changed(body, FACTS, fields | {"email": b"x"}, Digest.SHA256) == ("email",)
    assert changed(body, FACTS + b" ", fields, Digest.SHA256) == ("",)
    assert changed(body, FACTS, {"phone": fields["caller_name"]} | fields, Digest.SHA256) == ()
    assert covered(FACTS, dict(reversed(fields.items()))) == body
