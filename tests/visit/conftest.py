"""Plays the visit once for all tests that read what it left behind."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VISIT_S = 170.0
"""The visit names its own late steps; this only ends one that hangs."""


@pytest.fixture(scope="session")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play the whole visit; return the folder it left."""
    out = tmp_path_factory.mktemp("visit")
    command = [sys.executable, "-m", "deploy.virtual_hall", "--headless", "--out", str(out)]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=VISIT_S, check=False)
    (out / "status.txt").write_text(str(played.returncode))
    (out / "told.txt").write_text(played.stdout + played.stderr)
    return out


@pytest.fixture(scope="session")
def seen(visit: Path) -> set[str]:
    """Return the names of the steps that were seen to happen."""
    lines = (visit / "summary.txt").read_text(encoding="utf-8").splitlines()
    return {line.split(" s  ", 1)[1] for line in lines if line.startswith("✓")}
