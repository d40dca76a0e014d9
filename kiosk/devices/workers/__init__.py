"""One thread per device: joins a driver, which blocks, to the session, which never waits.

`start()`, `stop()`, `report()` and `on_change` are the same for all; see `base.py`.
"""

from kiosk.devices.workers.base import DeviceWorker, Post
from kiosk.devices.workers.cards import IdReaderWorker, SocialCardWorker
from kiosk.devices.workers.keypad import KeypadWorker
from kiosk.devices.workers.led import LedWorker
from kiosk.devices.workers.printer import PrinterWorker
from kiosk.devices.workers.probe import ProbeWorker
from kiosk.devices.workers.scanner import ScannerWorker
from kiosk.devices.workers.speech import SpeakerWorker

__all__ = [
    "DeviceWorker",
    "IdReaderWorker",
    "KeypadWorker",
    "LedWorker",
    "Post",
    "PrinterWorker",
    "ProbeWorker",
    "ScannerWorker",
    "SocialCardWorker",
    "SpeakerWorker",
]
