"""Between which bounds each limit of a hall may lie; outside of them a queue or a screen would not work any more."""

from collections.abc import Mapping
from types import MappingProxyType

from hall.pack.days import refuse
from hall.pack.tables import Limits
from hall.people.age_offer import YOUNGEST

BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "ordinary_rate": (0.01, 100),
        "priority_rate": (0.01, 100),
        "priority_target_min": (0, 240),
        "max_priority_in_row": (1, 20),
        "calls_before_missed": (1, 10),
        "call_spacing_s": (0, 600),
        "return_places": (1, 50),
        "min_service_min": (0, 60),
        "rating_open_s": (0, 3600),
        "statements_per_day": (1, 1000),
        "statement_verify_days": (1, 3660),
        "waiting_notice_min": (0, 480),
        "regular_cap_min": (1, 480),
        "prefer_until_min": (0, 480),
        "held_per_window": (0, 50),
        "away_max_min": (0, 240),
        "away_times": (0, 10),
        "not_started_s": (10, 3600),
        "appointment_head_start_min": (0, 240),
        "appointment_grace_min": (0, 240),
        "grants_per_issuer": (0, 10_000),
        "elderly_age": (0, 100),
        "spoken_times": (1, 3),
        "capacity_alarm_share": (0.1, 1),
    }
)
"""Lowest and highest value of every number in `limits.toml`."""


def check_limits(limits: Limits) -> None:
    """Refuse a limit outside its bounds, or a priority that would wait longer than the others."""
    for key, (low, high) in BOUNDS.items():
        if not low <= getattr(limits, key) <= high:  # false for not-a-number too
            raise refuse(f"limits.toml:limits.{key}", f"must be {low:g} to {high:g}")
    if limits.priority_rate < limits.ordinary_rate:
        raise refuse("limits.toml:limits.priority_rate", "must not be below ordinary_rate")
    if limits.elderly_age and limits.elderly_age < YOUNGEST:
        raise refuse("limits.toml:limits.elderly_age", f"must be 0 (no offer by age) or at least {YOUNGEST}")
    if limits.elderly_age and not (limits.elderly_basis and limits.elderly_basis_en):
        raise refuse(
            "limits.toml:limits.elderly_basis", "tell by what rule, in both languages: the screen that asks shows it"
        )
