"""The import contracts of pyproject.toml are alive: planted breaches are seen and named."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"


def house(folder: Path, *, breaches: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Build an empty house with the modules that the contracts name, plant the breaches, and check the imports."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    for package in told["root_packages"]:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for contract in told["contracts"]:
        for container in contract.get("containers", []):
            for module in re.split(r"[ |]+", " ".join(contract["layers"])):
                (folder / container / f"{module}.py").touch()
    for path, source in breaches.items():
        (folder / path).write_text(source)
    command = [str(LINT_IMPORTS), "--no-cache", "--config", str(folder / "pyproject.toml")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_an_empty_house_keeps_all_contracts(tmp_path: Path) -> None:
    assert house(tmp_path, breaches={}).returncode == 0


def test_breaches_are_named(tmp_path: Path) -> None:
    told = house(
        tmp_path,
        breaches={
            "hall/day.py": "import kiosk.session\n",
            "hall/wire.py": "import hall.queue\n",
            "kiosk/session.py": "import hall_server.ledger\n",
            "kiosk/flows.py": "import kiosk.ui\n",
            "kiosk/devices.py": "import kiosk.sync\n",
            "hall_server/ledger.py": "import hall_server.writer\n",
            "hall_server/utils.py": "",
        },
    )
    assert told.returncode != 0
    for breach in (
        "hall.day -> kiosk.session",
        "hall.wire -> hall.queue",
        "kiosk.session -> hall_server.ledger",
        "kiosk.flows -> kiosk.ui",
        "kiosk.devices -> kiosk.sync",
        "hall_server.ledger -> hall_server.writer",
        "hall_server.utils",
    ):
        assert breach in told.stdout, told.stdout


# Foreign libraries stay in one room (design 2). Prefixes of module names that may import each.
ROOMS = {
    "kivy": ("kiosk.ui",),
    "serial": ("kiosk.devices",),
    "smartcard": ("kiosk.devices",),
    "escpos": ("kiosk.devices",),
    "usb": ("kiosk.devices",),
    "typst": ("kiosk.devices",),
    "paho": ("kiosk.sync", "hall_server.mqtt"),
    "sqlmodel": ("hall_server.ledger",),
    "sqlalchemy": ("hall_server.ledger",),
    "alembic": ("hall_server.ledger",),
    "sqlcipher3": ("hall_server.ledger", "kiosk.sync"),
    "fastapi": ("hall_server.console", "kiosk.devices.virtual"),
    "starlette": ("hall_server.console", "kiosk.devices.virtual"),
    "uvicorn": ("hall_server.console", "hall_server.assembly", "kiosk.devices.virtual"),
    "jinja2": ("hall_server.console", "kiosk.devices.virtual"),
}
HALL_MAY_IMPORT = {"hall", "msgspec", "cryptography"} | set(sys.stdlib_module_names)
HALL_NEVER_IMPORTS = {"asyncio", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
"""I/O, clocks and randomness of the standard library."""


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def modules(package: str) -> list[tuple[str, Path]]:
    paths = sorted((ROOT / package).rglob("*.py"))
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts), path) for path in paths]


@pytest.mark.parametrize("package", ["hall", "kiosk", "hall_server"])
def test_foreign_libraries_stay_in_their_room(package: str) -> None:
    strays = [
        f"{module} imports {imported}"
        for module, path in modules(package)
        for imported in imports_of(path)
        if (rooms := ROOMS.get(imported.split(".")[0]))
        if not any(module == room or module.startswith(f"{room}.") for room in rooms)
    ]
    assert strays == []


def test_the_hall_imports_rules_and_words_only() -> None:
    strays = [
        f"{module} imports {imported}"
        for module, path in modules("hall")
        for imported in imports_of(path)
        if (top := imported.split(".")[0]) not in HALL_MAY_IMPORT or top in HALL_NEVER_IMPORTS
    ]
    assert strays == []
