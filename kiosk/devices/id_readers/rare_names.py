"""Rare characters in names: private-use code points that older cards carry, made into the real characters.

Cards were written when these characters had no place in Unicode; GB 18030-2022 and current Unicode give them one.
Devices reference 4.6. Whatever stays private use afterwards is passed on as it is: the paper says what it cannot draw.
"""

_FIRST_PRIVATE_OF_FE = 0xE815
"""GBK put the 80 two-byte codes FE50..FEA0 (FE7F is no code) at U+E815..U+E864, in order."""

_FE_TRAILS = (*range(0x50, 0x7F), *range(0x80, 0xA1))

# Where Python's gb18030 table (2005) still answers with the private-use point: GB 18030-2022 and, for the plane-2
# characters, GB 18030-2005 table 1 as browsers read it.
_NEWER = {
    0xE78D: 0xFE10,
    0xE78E: 0xFE12,
    0xE78F: 0xFE11,
    0xE790: 0xFE13,
    0xE791: 0xFE14,
    0xE792: 0xFE15,
    0xE793: 0xFE16,
    0xE794: 0xFE17,
    0xE795: 0xFE18,
    0xE796: 0xFE19,
    0xE7C7: 0x1E3F,
    0xE7C8: 0x01F9,
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE831: 0x215D7,
    0xE832: 0x9FB8,
    0xE83B: 0x2298F,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE855: 0x241FE,
    0xE864: 0x9FBB,
}


def _table() -> dict[int, int]:
    older = {
        _FIRST_PRIVATE_OF_FE + index: ord(bytes((0xFE, trail)).decode("gb18030"))
        for index, trail in enumerate(_FE_TRAILS)
    }
    return older | _NEWER


_REAL = _table()


def with_real_characters(name: str) -> str:
    """Return `name` with every private-use character that has a real one replaced; U+E863 becomes 䶮."""
    return name.translate(_REAL)
