"""Habits of the house that a file shows at once: its size, its name, its words, where time and ids come from."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("hall", "kiosk", "hall_server")
MAX_LINES = 400
VENDORED = "static"
"""Folder of files that others wrote; `VENDORED.toml` beside them names each."""
BANNED_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"}
BINARY = {".png", ".ico", ".woff2", ".bin"}


def files(*parts: str, suffix: str = "") -> Iterator[Path]:
    """Return the files of the house as git sees them, also those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *parts]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True).stdout
    paths = (ROOT / name for name in sorted(listed.split("\0")) if name.endswith(suffix) and name)
    return (path for path in paths if path.is_file())


def lines_of(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return [] if path.suffix in BINARY else ["neither text nor a picture: " + "TO" + "DO"]


def told(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_python_file_is_longer_than_a_reader_can_hold() -> None:
    long = [told(path) for path in files(suffix=".py") if len(path.read_text().splitlines()) > MAX_LINES]
    assert long == []


def test_places_are_named_by_duty() -> None:
    strays = [told(path) for path in files() if set(path.relative_to(ROOT).with_suffix("").parts) & BANNED_NAMES]
    assert strays == []


# Written in pieces, so that this file does not name what it looks for.
UNWANTED = {
    "a path of one machine": "|".join(("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/py" + "pi")),
    "a package registry": "|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "index" + "-url")),
    "an open end": "|".join((r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", "raise NotImplemented" + "Error")),
    "a private key": "BEGIN [A-Z ]*PRIVATE " + "KEY",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_holds_what_belongs_elsewhere(what: str) -> None:
    pattern = re.compile(UNWANTED[what])
    strays = [
        f"{told(path)}:{number}: {line.strip()[:80]}"
        for path in files()
        if VENDORED not in path.parts
        for number, line in enumerate(lines_of(path), 1)
        if pattern.search(line)
    ]
    assert strays == []


# ---- time, randomness and ids are arguments ------------------------------------------------------------------------

MINTING = re.compile(
    r"^(datetime\.)?(datetime\.(now|utcnow|today)|date\.today)$|^time\.(time|time_ns|localtime|gmtime)$"
    r"|^(random|secrets)\.|^os\.urandom$|^(uuid|uuid6)\.uuid\d$|^uuid[1-8]$|^(Random|SystemRandom|token_(bytes|hex|urlsafe))$"
)
MAY_MINT = ("kiosk/assembly.py", "hall_server/assembly.py", "__main__.py")


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case _:
            return ""


def mints(source: str) -> list[tuple[int, str]]:
    """Return line and name of every place that reads a clock, a random source or mints an id, called or handed on."""
    names = [
        (node.lineno, dotted(node))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    return sorted((line, name) for line, name in names if MINTING.match(name))


@pytest.mark.parametrize("package", PACKAGES)
def test_only_assemblies_and_programs_read_clocks_and_mint(package: str) -> None:
    strays = [
        f"{told(path)}:{line}: {name}"
        for path in files(package, suffix=".py")
        if not told(path).endswith(MAY_MINT)
        for line, name in mints(path.read_text())
    ]
    assert strays == []


def test_planted_minting_is_seen() -> None:
    planted = "import time, uuid\nnow = time.time()\nclock = time.time\nid = uuid.uuid4()\nfine = time.monotonic()\n"
    assert [line for line, _ in mints(planted)] == [2, 3, 4]


BANS = {
    "from datetime import datetime\nx = datetime.now()\n": "DTZ005",
    "import time\nx = time.time()\n": "TID251",
    "import random\n": "TID251",
    "from uuid import uuid4\n": "TID251",
    "from unittest import mock\n": "TID251",
}


def test_planted_clocks_ids_and_mocks_are_named_by_ruff(tmp_path: Path) -> None:
    for number, source in enumerate(BANS):
        (tmp_path / f"planted_{number}.py").write_text(source)
    ruff = Path(sys.executable).parent / "ruff"
    command = [
        str(ruff),
        "check",
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
        "--output-format",
        "concise",
        str(tmp_path),
    ]
    seen = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False).stdout
    for number, rule in enumerate(BANS.values()):
        assert re.search(rf"planted_{number}\.py:\d+:\d+: {rule} ", seen), seen


def test_tests_use_fakes_with_memory_and_never_sleep() -> None:
    pattern = re.compile(r"mock\.patch|\bMagic" + r"Mock\b|\btime\.sle" + r"ep\(")
    strays = [
        f"{told(path)}: {found[0]}"
        for path in files("tests", suffix=".py")
        if (found := pattern.findall(path.read_text()))
    ]
    assert [stray for stray in strays if not stray.startswith("tests/house/")] == []
