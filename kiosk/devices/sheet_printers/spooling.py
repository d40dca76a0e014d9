"""Does what CUPS spools stay in memory? Told by the mount that its spool lies on."""

import re
from pathlib import Path

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")


def is_in_memory(folder: Path, mounts: Path = MOUNTS) -> bool | None:
    """Tell whether `folder` lies on a file system without a disk; None when nobody can tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
        place = folder.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    kinds = dict(filter(None, map(_mount, lines)))  # what is mounted later covers what was there
    for above in (place, *place.parents):
        if str(above) in kinds:
            return kinds[str(above)] in IN_MEMORY
    return None


def _mount(line: str) -> tuple[str, str] | None:
    """One line of mountinfo (proc(5)): mount point and kind of file system."""
    before, separator, after = line.partition(" - ")
    fields, kinds = before.split(), after.split()
    where = 4
    if not separator or len(fields) <= where or not kinds:
        return None
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[where]), kinds[0]
