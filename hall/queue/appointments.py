"""Appointments: somebody who keeps the appointed time counts as having come a little earlier."""

from hall.pack.tables import Limits


def head_start_s(appointment_at: float, issued_at: float, limits: Limits) -> float:
    """Return by how many seconds the place begins before the issue time; 0 without an appointment.

    The place begins `appointment_head_start_min` before the appointed time, but never after the person came: who comes
    an hour early waits like everybody until the head start reaches back to them; who comes too late has none.

    >>> # head start 30 min, grace 15: came 09:20 for 09:30 → place 09:00; came 08:50 → 08:50; came 09:46 → 09:46.
    """
    if appointment_at <= 0 or issued_at > appointment_at + limits.appointment_grace_min * 60:
        return 0.0
    head_start = limits.appointment_head_start_min * 60
    return min(head_start, max(0.0, issued_at - (appointment_at - head_start)))
