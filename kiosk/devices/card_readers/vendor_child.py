"""Holds a vendor's library in a process of its own: `python -m kiosk.devices.card_readers.vendor_child LIBRARY`.

Started by `vendor_process`, never by hand. A request is one JSON line on what standard input was at the start, its
answer one JSON line on what standard output was; the library's own output goes nowhere: it may hold what a card says.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any, BinaryIO

OUT_BYTES = 8 * 1024
"""What the library may write; the specification's lines have less than 1 KiB."""
GUARD = b"\xa5" * 4096
"""Stands behind it, so that writing too far is noticed (farther than this, it ends the process)."""
MAX_REQUEST_BYTES = 4096

_PR_SET_PDEATHSIG = 1


def main(library: str) -> int:
    """Serve until standard input ends."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # a library that hangs must not outlive the terminal
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the card
    try:
        functions = ctypes.CDLL(library)
        functions.iReadCardBas.restype = ctypes.c_int  # declared int or long; every code fits into the lower half
    except (OSError, AttributeError) as error:
        _tell(answers, {"error": type(error).__name__})
        return 1
    _tell(answers, {"verifies": hasattr(functions, "iVerifyPIN")})
    while request := requests.readline(MAX_REQUEST_BYTES):
        code, out = _call(functions, json.loads(request))
        if out is None:
            _tell(answers, {"error": "overrun"})
            return 1
        _tell(answers, {"code": code, "out": out.hex()})
    return 0


def _call(functions: Any, asked: dict[str, Any]) -> tuple[int, bytes | None]:
    """Return the code and what was written, without the buffer's rest; None when it was written too far."""
    pin = str(asked.get("pin", "")).encode("ascii")
    buffer = ctypes.create_string_buffer(OUT_BYTES + len(GUARD))
    ctypes.memmove(ctypes.addressof(buffer) + OUT_BYTES, GUARD, len(GUARD))
    ctypes.memmove(buffer, pin, len(pin))
    function = functions.iVerifyPIN if asked["do"] == "verify" else functions.iReadCardBas
    function.restype = ctypes.c_int
    code = int(function(ctypes.c_int(int(asked["type"])), buffer))
    whole = buffer.raw
    ctypes.memset(buffer, 0, len(buffer))
    out, end, _ = whole[:OUT_BYTES].partition(b"\0")
    return code, out if end and whole[OUT_BYTES:].startswith(GUARD) else None


def _tell(answers: BinaryIO, told: dict[str, object]) -> None:
    answers.write(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
