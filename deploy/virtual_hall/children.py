"""Child processes of the virtual hall: started once, watched always, ended in order and by their own id only.

Each child asks the kernel to be killed when its parent dies (`setpriv --pdeathsig`), so that nothing outlives us
even if we are killed.
"""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

END_S = 5.0
"""A child that was asked to end and has not after this long is killed."""
TAIL_LINES = 12
"""So much of a log is shown when a child ends by itself."""


STILL_OURS = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'


def mortal(identity: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the words before a command that make it end when we do, also if we end before it has begun."""
    return ("setpriv", *identity, "--pdeathsig", "KILL", "--", "sh", "-c", STILL_OURS, "sh", str(os.getpid()))


class ChildEndedError(Exception):
    """A child ended by itself: its name, status and the end of its log."""

    def __init__(self, name: str, status: int, tail: str) -> None:
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        super().__init__(f"{name} {how}" + (f"; its last words:\n{tail}" if tail else "; its log is empty"))


@dataclass(slots=True)
class Child:
    """One running program. `expected_end` is set before it is ended on purpose."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    rank: int = 0
    """Children of the highest rank are ended first, those of one rank together."""
    user: str | None = None
    expected_end: bool = False

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def tail(self) -> str:
        """Return the last lines of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])


@dataclass(slots=True)
class Children:
    """All children, in the order in which they were started."""

    logs: Path
    _all: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str] | None = None,
        *,
        rank: int = 0,
        user: str | None = None,
        pass_fds: Sequence[int] = (),
    ) -> Child:
        """Start a program, its output in `logs/<name>.log`. With `user` it runs as that user (we must be root)."""
        identity = () if user is None else (f"--reuid={user}", f"--regid={user}", "--clear-groups")
        whole = (*mortal(identity), *(str(part) for part in command))
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                whole,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,  # Ctrl-C is for us; we end the children in order
                pass_fds=pass_fds,
            )
        child = Child(name, tuple(str(part) for part in command), log, dict(environment or {}), process, rank, user)
        self._all.append(child)
        return child

    def again(self, child: Child) -> Child:
        """Start the same program once more, after it has ended."""
        self._all.remove(child)
        return self.start(child.name, child.command, child.environment, rank=child.rank, user=child.user)

    def ended(self) -> list[Child]:
        """Return those that ended by themselves."""
        return [child for child in self._all if not child.alive and not child.expected_end]

    def check(self) -> None:
        """Raise `ChildEndedError` for the first child that ended by itself."""
        for child in self.ended():
            raise ChildEndedError(child.name, child.process.returncode, child.tail())

    def kill(self, child: Child) -> None:
        """SIGKILL one child, on purpose."""
        child.expected_end = True
        child.process.kill()
        child.process.wait(END_S)

    def end_all(self) -> None:
        """End all, rank by rank; kill what does not end in time."""
        for rank in sorted({child.rank for child in self._all}, reverse=True):
            ending = [child for child in self._all if child.rank == rank]
            for child in ending:
                child.expected_end = True
                if child.alive:
                    child.process.terminate()
            until = time.monotonic() + END_S
            for child in ending:
                try:
                    child.process.wait(max(0.0, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    child.process.kill()
                    child.process.wait()
        self._all.clear()
