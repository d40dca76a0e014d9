"""Coverage-guided fuzzing of every parser: `python -m tests.fuzz --seconds N`, or one target, in a process of its own.

libFuzzer ends its process, so each target runs as a child. What made a parser raise, hang or eat memory is kept in
`out/fuzz/<target>/`, named `crash-…`, `timeout-…` or `oom-…`, and tells itself again with `--replay FILE`.
"""

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 5
"""One input must be read in this time."""
MEMORY_MB = 700
"""One process, with Pango and the hall pack loaded, needs a third of it."""
MAX_INPUT_BYTES = 8192
TABLE = "tests.fuzz.targets"


def main(arguments: list[str]) -> int:
    """Return 0 when nothing was found, 1 when something was, 2 for wrong usage."""
    told = _read(arguments)
    targets = importlib.import_module(told.table).TARGETS if not told.child else {}
    if told.child:
        _fuzz(told)
    if told.list:
        return _list(targets)
    unknown = sorted(set(told.target) - set(targets))
    if unknown:
        print(f"fuzz: no such target: {', '.join(unknown)}; there are {', '.join(targets)}", file=sys.stderr)
        return 2
    if told.replay is not None:
        for name in told.target:
            targets[name].call(told.replay.read_bytes())
        return 0
    return _all(told, told.target or list(targets))


def _read(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run fuzz", description="Coverage-guided fuzzing of every parser.")
    parser.add_argument("--seconds", type=int, default=60, help="in all, shared among the targets (default: 60)")
    parser.add_argument("--target", action="append", default=[], help="only this one; may be given again")
    parser.add_argument("--replay", type=Path, help="run one input that was found through --target")
    parser.add_argument("--list", action="store_true", help="print the targets")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "fuzz", help="where findings and inputs are kept")
    parser.add_argument("--table", default=TABLE, help=argparse.SUPPRESS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    if told.seconds < 1:
        parser.error("--seconds must be 1 or more")
    return told


def _list(names: Iterable[str]) -> int:
    try:
        print("\n".join(names), flush=True)
    except BrokenPipeError:  # `--list | head`: what reads has read enough; nothing is left to be flushed at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _all(told: argparse.Namespace, names: list[str]) -> int:
    each_s = max(1, told.seconds // len(names))
    failed = []
    for name in names:
        command = [sys.executable, "-m", "tests.fuzz", "--child", "--target", name, "--seconds", str(each_s)]
        command += ["--out", str(told.out), "--table", told.table]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        runs = next((line for line in ended.stderr.splitlines()[::-1] if line.startswith("Done ")), "")
        print(f"{'✗' if ended.returncode else '✓'} {name:24} {runs}", flush=True)
        if ended.returncode:
            failed.append(name)
            print(ended.stdout[-4000:] + ended.stderr[-4000:])
    if failed:
        print(f"fuzz: {', '.join(failed)} broke; inputs are in {told.out}", file=sys.stderr)
    return 1 if failed else 0


def _fuzz(told: argparse.Namespace) -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - only the child needs it, and it is not made for every processor

    with atheris.instrument_imports(include=["hall", "hall_server", "kiosk", "tests.fuzz.device_targets", told.table]):
        target = importlib.import_module(told.table).TARGETS[told.target[0]]
    folder = told.out / told.target[0]
    inputs = folder / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (inputs / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={told.seconds}",
        f"-timeout={TIMEOUT_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-max_len={MAX_INPUT_BYTES}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(inputs)], target.call)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
