"""Requirement rows and the tests that carry them. As a program (`./run rows`) it prints the table.

`rows.toml` names every row and the parts of its acceptance check. A test carries a part by
`@pytest.mark.row("QUE-03", part="face")`; an id or a part that the file does not know stops the collection.
"""

import argparse
import contextlib
import io
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROWS = Path(__file__).parent / "rows.toml"
PRIORITIES = ("must", "should", "could")
PARTS = ("rule", "face")


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement row as `rows.toml` tells it."""

    id: str
    title: str
    priority: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """One test says that it carries one part of one row."""

    row: str
    part: str
    test: str


def read_rows(path: Path = ROWS) -> dict[str, Row]:
    """Return all rows by id, in the order of the file; raise `ValueError` naming what does not fit."""
    rows = {}
    for id_, told in tomllib.loads(path.read_text(encoding="utf-8")).items():
        row = Row(id=id_, title=told["title"], priority=told["priority"], parts=tuple(told["parts"]))
        if row.priority not in PRIORITIES or not row.parts or not set(row.parts) <= set(PARTS):
            raise ValueError(f"{path.name}: {id_}: priority is one of {PRIORITIES}, parts are some of {PARTS}")
        rows[id_] = row
    return rows


def carried_by(item: pytest.Item, rows: dict[str, Row]) -> list[Carried]:
    """Return what one test carries, or raise `ValueError` naming the test and what is wrong with its marker."""
    found = []
    for marker in item.iter_markers("row"):
        part = marker.kwargs.get("part")
        if len(marker.args) != 1 or set(marker.kwargs) != {"part"}:
            raise ValueError(f'{item.nodeid}: write @pytest.mark.row("QUE-03", part="rule")')
        row = rows.get(marker.args[0])
        if row is None:
            raise ValueError(f"{item.nodeid}: rows.toml has no row {marker.args[0]!r}")
        if part not in row.parts:
            raise ValueError(f"{item.nodeid}: row {row.id} has no part {part!r}, it has {', '.join(row.parts)}")
        found.append(Carried(row=row.id, part=part, test=item.nodeid))
    return found


def table(rows: dict[str, Row], carried: Iterable[Carried], *, only_open: bool) -> str:
    """Return the table as text: ✓ for a part that a test carries, · for one that none does."""
    tests = _by_part(carried)
    lines = []
    shown = {id_: row for id_, row in rows.items() if not only_open or any((id_, p) not in tests for p in row.parts)}
    for row in shown.values():
        marks = "  ".join(f"{part} {'✓' if (row.id, part) in tests else '·'}" for part in row.parts)
        lines.append(f"{row.id}  {row.priority:<6}  {marks:<14}  {row.title}")
        lines += [f"        {part}: {test}" for part in row.parts for test in tests.get((row.id, part), [])]
    parts = sum(len(row.parts) for row in rows.values())
    whole = sum(all((row.id, part) in tests for part in row.parts) for row in rows.values())
    lines.append(f"{len(rows)} rows, {whole} carried in whole; {len(tests)} of {parts} parts carried")
    return "\n".join(lines)


def as_object(rows: dict[str, Row], carried: Iterable[Carried]) -> dict[str, object]:
    """Return the table as one JSON-able object."""
    tests = _by_part(carried)
    return {
        row.id: {
            "title": row.title,
            "priority": row.priority,
            "parts": {part: tests.get((row.id, part), []) for part in row.parts},
        }
        for row in rows.values()
    }


def _by_part(carried: Iterable[Carried]) -> dict[tuple[str, str], list[str]]:
    tests: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in carried:
        tests[one.row, one.part].append(one.test)
    return dict(tests)


class _Collector:
    def __init__(self) -> None:
        self.rows = read_rows()
        self.carried: list[Carried] = []
        self.failures: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.carried = [one for item in session.items for one in carried_by(item, self.rows)]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failures.append(f"{report.nodeid}: {str(report.longrepr).strip().splitlines()[-1]}")


def _main() -> int:
    parser = argparse.ArgumentParser(prog="./run rows")
    parser.add_argument("--open", action="store_true", help="only rows with a part that no test carries yet")
    parser.add_argument("--json", action="store_true", help="one object instead of the table")
    told = parser.parse_args()
    collector = _Collector()
    options = ["--collect-only", "--quiet", "-p", "no:randomly", "-p", "no:cacheprovider"]
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main(options, plugins=[collector])
    for failure in collector.failures:
        sys.stderr.write(f"{failure}\n")
    if told.json:
        shown = json.dumps(as_object(collector.rows, collector.carried), ensure_ascii=False)
    else:
        shown = table(collector.rows, collector.carried, only_open=told.open)
    sys.stdout.write(f"{shown}\n")
    return 0 if status in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else 1


if __name__ == "__main__":
    sys.exit(_main())
