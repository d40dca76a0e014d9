"""The display the windows stand on: the one that is there, or a virtual one of our own."""

import os
import subprocess
from dataclasses import dataclass

from deploy.virtual_hall.children import Children
from deploy.virtual_hall.waiting import wait_for

START_S = 10.0
ASK_S = 3.0


@dataclass(frozen=True, slots=True)
class Display:
    """An X display by name, such as `:0`."""

    name: str
    width_px: int
    height_px: int


def existing() -> Display | None:
    """Return the display of this session, or None when there is none to be reached."""
    name = os.environ.get("DISPLAY", "")
    if not name:
        return None
    try:
        told = subprocess.run(
            ["xdotool", "getdisplaygeometry"], capture_output=True, text=True, timeout=ASK_S, check=True
        ).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return None
    return Display(name, int(told[0]), int(told[1]))


def virtual(children: Children, width_px: int, height_px: int) -> Display:
    """Start Xvfb on a number that it chooses itself, closed to the network."""
    read, write = os.pipe()
    screen = f"{width_px}x{height_px}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
    children.start("display", command, pass_fds=[write])
    os.close(write)
    os.set_blocking(read, False)
    try:
        number = wait_for("the virtual display starts", lambda: _number(read), START_S, alive=children.check)
    finally:
        os.close(read)
    return Display(f":{number}", width_px, height_px)


def _number(descriptor: int) -> str | None:
    try:
        told = os.read(descriptor, 16).decode().strip()
    except BlockingIOError:
        return None
    return told or None
