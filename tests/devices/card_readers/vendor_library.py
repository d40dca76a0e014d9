"""A vendor's library, compiled once and worked by its script: good, slow, broken, and worse."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("vendor_library.c")
LI_HE = "630100|000000198907220025|A00000011|630100D15600000500BF7C7A48FB4966|李和|00814E43|2.00|20200101|20400101|||"


def compiled(folder: Path, *, with_pin: bool = True) -> Path:
    """Return a library; the compiler's own warnings are errors."""
    if shutil.which("gcc") is None:
        pytest.skip("no C compiler here")
    made = folder / ("vendor.so" if with_pin else "vendor_without_pin.so")
    defines = [] if with_pin else ["-DWITHOUT_PIN"]
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Werror", *defines, "-o", str(made), str(SOURCE)], check=True)
    return made


class Script:
    """What the library does at its next call, and what it heard."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def does(self, function: str, deed: str, code: int = 0, answer: str | bytes = "") -> None:
        told = answer if isinstance(answer, bytes) else answer.encode("gb18030")
        self.path.with_suffix(f".{function}").write_bytes(f"{deed} {code}\n".encode() + told)

    def heard(self) -> list[str]:
        path = self.path.with_suffix(".heard")
        return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def ended(pid: int, limit_s: float = 60.0) -> bool:
    """Tell whether the process is gone within the limit."""
    pause, deadline = threading.Event(), time.monotonic() + limit_s
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return False
        pause.wait(0.01)
    return True
