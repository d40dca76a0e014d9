"""The fuzz harness finds a parser that is wrong, and every parser reads its own good inputs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.target import PIECE_BYTES
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
SECONDS = "2"


def fuzz(target: str, out: Path) -> subprocess.CompletedProcess[str]:
    told = ["--table", "tests.fuzz.broken_targets", "--target", target, "--seconds", SECONDS, "--out", str(out)]
    command = [sys.executable, "-m", "tests.fuzz", *told]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_parser_reads_its_seeds_cut_short_doubled_and_spoiled(name: str) -> None:
    read = 0
    for seed in TARGETS[name].seeds:
        for data in (seed, seed[:PIECE_BYTES], seed[:-1], seed * 2, bytes(b ^ 0xFF for b in seed), b""):
            TARGETS[name].call(data)
            read += 1
    assert read >= 6


def test_the_harness_finds_a_parser_that_trusts_a_length_and_keeps_what_broke_it(tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    ended = fuzz("forgetful", tmp_path)
    assert ended.returncode == 1
    assert "forgetful broke" in ended.stderr
    found = list((tmp_path / "forgetful").glob("crash-*"))
    assert found
    with pytest.raises((AssertionError, IndexError)):
        main(["--table", "tests.fuzz.broken_targets", "--target", "forgetful", "--replay", str(found[0])])


def test_the_harness_leaves_a_careful_parser_alone(tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    ended = fuzz("careful", tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert list((tmp_path / "careful").glob("crash-*")) == []


def test_a_target_that_does_not_exist_is_wrong_usage_and_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--target", "coffee_machine"]) == 2
    assert "sam_answers" in capsys.readouterr().err


def test_a_list_that_nobody_reads_to_its_end_is_no_error() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "tests.fuzz", "--list"]
    ended = subprocess.run(command, cwd=ROOT, stdout=writes, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writes)
    assert (ended.returncode, ended.stderr) == (0, "")
