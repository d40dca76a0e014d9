"""Devices against the pure wire: `./run bench devices [--json]`.

Real drivers and workers speak to virtual devices that pace their bytes at the configured baud rate. Ratios are medians
of several cards and tickets; 1.0 is the bare wire. The processor's share is that of our process alone.
"""

import argparse
import json
import os
import platform
import sys

from benchmarks.devices_id import id_card_ratio
from benchmarks.devices_idle import MEASURED_S, idle_poll_cpu_share
from benchmarks.devices_printer import ticket_bytes, ticket_cpu_ms, ticket_ratio

BAUDS = (115_200, 9_600)


def measure(bauds: tuple[int, ...] = BAUDS, idle_s: float = MEASURED_S) -> dict[str, object]:
    """Return all figures; half a minute, most of it the wire at 9,600 baud."""
    return {
        "id_card_ratio": {str(baud): round(id_card_ratio(baud), 3) for baud in bauds},
        "ticket_ratio": {str(baud): round(ticket_ratio(baud), 3) for baud in bauds},
        "ticket_bytes": ticket_bytes(),
        "ticket_cpu_ms": round(ticket_cpu_ms(), 2),
        "idle_poll_cpu_share": round(idle_poll_cpu_share(idle_s), 4),
        "machine": {
            "cpus": os.cpu_count(),
            "arch": platform.machine(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
    }


def main(arguments: list[str]) -> int:
    """Print the figures; `--json` makes them one object on the last line."""
    parser = argparse.ArgumentParser(prog="./run bench devices", description="Devices against the pure wire.")
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object as the last line")
    told = parser.parse_args(arguments)
    figures = measure()
    if told.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:>22}  {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
