"""Start one virtual device: `python -m kiosk.devices.virtual NAME …`.

A virtual device is a module beside this one with `add_arguments(parser)` and `run(args) -> int`; naming it in
`DEVICES` is all that is needed. Modules are opened only when asked for.
"""

import argparse
import importlib
import signal
import sys
from types import FrameType

DEVICES = {
    "printer": "a slip printer (ESC/POS) that draws its paper",
    "sam": "an ID card reader (SAM module)",
    "social_card": "a social-security card for the PC/SC service's virtual reader",
    "led_bars": "LED bars on one RS-485 line (Onbon BX-5K)",
    "queue_bars": "bank-queue window bars on one RS-485 line (69-byte frames)",
    "keypads": "a call keypad and an evaluator (68 … 16 frames)",
    "scanner": "a barcode and QR scanner on a serial line",
    "speaker": "a speaker that writes down what it says",
    "headphone_jack": "a headphone jack that is plugged by hand",
    "sheet_printer": "an A4 printer (IPP) that keeps its pages in memory",
    "bench": "the page that shows and works all of them",
}


def main(arguments: list[str]) -> int:
    """Run the named device until it is told to end; 1 when it could not begin, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.devices.virtual", description=__doc__)
    parser.add_argument("name", choices=DEVICES, metavar="NAME", help=", ".join(DEVICES))
    if not arguments or arguments[0] not in DEVICES:
        listed = "\n".join(f"  {name:12} {told}" for name, told in DEVICES.items())
        if arguments and arguments[0] in ("-h", "--help"):
            print(f"{parser.format_usage()}\n{listed}")
            return 0
        print(f"{parser.format_usage()}\n{listed}", file=sys.stderr)
        return 2
    name = arguments[0]
    module = importlib.import_module(f"kiosk.devices.virtual.{name}")
    device = argparse.ArgumentParser(prog=f"python -m kiosk.devices.virtual {name}", description=DEVICES[name])
    module.add_arguments(device)
    told = device.parse_args(arguments[1:])
    signal.signal(signal.SIGTERM, _end)
    try:
        return int(module.run(told))
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        place = f": {error.filename2 or error.filename}" if error.filename2 or error.filename else ""
        print(f"{name}: {error.strerror or error}{place}", file=sys.stderr)
        return 1


def _end(_number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does: links and ports are given back."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
