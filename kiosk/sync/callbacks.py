"""Calling those who asked: their mistake must not stop the sync thread."""

from collections.abc import Callable

from kiosk.sync.news import Log


def call_safely(log: Log, call: Callable[[], object]) -> None:
    """Call; an exception becomes one line in the log (its type only: its text may be personal)."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever it is, the terminal goes on
        log.warning("callback_failed", error=type(error).__name__)
