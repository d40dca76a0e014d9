"""The list of requirement rows, and the marker that ties tests to it."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.rows import ROWS, Carried, as_object, read_rows, table

ROOT = Path(__file__).parents[2]


def collect(folder: Path, marker: str) -> subprocess.CompletedProcess[str]:
    test = folder / "test_marked.py"
    test.write_text(
        textwrap.dedent(f"""
        import pytest
        @pytest.mark.row({marker})
        def test_something() -> None: ...
    """)
    )
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), str(test)],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_every_row_of_the_trace_is_listed_once_with_a_title() -> None:
    rows = read_rows()
    assert len(rows) == 205 + 19
    assert all(row.title.strip() for row in rows.values())
    assert sum(row.priority == "must" for row in rows.values()) == 99 + 11


def test_a_row_with_an_unknown_part_or_priority_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "rows.toml"
    file.write_text('QUE-01 = { priority = "must", parts = ["rule", "feel"], title = "t" }\n')
    with pytest.raises(ValueError, match="QUE-01"):
        read_rows(file)
    file.write_text('QUE-01 = { priority = "now", parts = ["rule"], title = "t" }\n')
    with pytest.raises(ValueError, match="QUE-01"):
        read_rows(file)


def test_a_marker_with_a_known_row_and_part_is_collected(tmp_path: Path) -> None:
    assert collect(tmp_path, '"QUE-03", part="face"').returncode == 0


@pytest.mark.parametrize("marker", ['"QUE-99", part="face"', '"QUE-03", part="feel"', '"QUE-03"', '"QUE-03", "face"'])
def test_a_marker_that_fits_no_row_stops_the_collection(tmp_path: Path, marker: str) -> None:
    told = collect(tmp_path, marker)
    assert told.returncode != 0
    assert "test_marked.py" in told.stdout + told.stderr


def test_the_table_tells_what_is_carried_and_what_is_open() -> None:
    rows = read_rows()
    carried = [Carried(row="QUE-03", part="rule", test="a::b"), Carried(row="QUE-03", part="face", test="c::d")]
    whole = table(rows, carried, only_open=False)
    assert "rule: a::b" in whole
    assert "224 rows, 1 carried in whole; 2 of" in whole
    assert "QUE-03" not in table(rows, carried, only_open=True)
    told = as_object(rows, carried)["QUE-03"]
    assert isinstance(told, dict)
    assert told["parts"] == {"rule": ["a::b"], "face": ["c::d"]}


def test_the_rows_stand_beside_the_tests() -> None:
    assert ROWS.is_file()
