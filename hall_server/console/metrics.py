"""Prometheus' text format, version 0.0.4: few series, low cardinality, nothing personal."""

from collections.abc import Iterable, Mapping

from hall.health.states import State
from hall_server.console.floor import Floor
from hall_server.console.overview import Overview

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
WORKS: Mapping[str, float] = {State.UP: 1.0, State.DEGRADED: 1.0, State.DOWN: 0.0}
"""Everything else was not observed, and says so as NaN."""

Sample = tuple[Mapping[str, str], float]


def metrics(overview: Overview, floor: Floor, alarms: Mapping[str, int]) -> str:
    """Return the metrics page."""
    everybody = [*floor.terminals, *floor.devices]
    timing = overview.decide_and_commit_ms
    lines = [
        *_family("hall_up", "gauge", "The hall server answers.", [({}, 1.0)]),
        *_family("hall_broker_connected", "gauge", "The broker is here.", [({}, float(overview.broker))]),
        *_family("hall_ledger_entries", "gauge", "Events in the ledger.", [({}, overview.ledger_entries)]),
        *_family("hall_commits_total", "counter", "Commits since the start.", [({}, overview.commits)]),
        *_family("hall_quarantined", "gauge", "Quarantine entries not seen to.", [({}, overview.quarantined)]),
        *_family("hall_alarms_total", "counter", "Alarms.", [({"code": k}, v) for k, v in sorted(alarms.items())]),
        *_family("hall_tickets_waiting", "gauge", "People who wait.", [({}, overview.waiting)]),
        *_family("hall_tickets_issued", "gauge", "Tickets of today.", [({}, overview.issued)]),
        *_family(
            "hall_device_up",
            "gauge",
            "1 works, 0 does not, NaN was not observed.",
            [({"device": one.subject}, WORKS.get(one.state, float("nan"))) for one in everybody],
        ),
        *_family(
            "hall_outbox_depth",
            "gauge",
            "Events a terminal holds that the ledger has not acknowledged.",
            [({"terminal": one.terminal}, one.outbox) for one in floor.terminals if one.heard_at is not None],
        ),
        *_family(
            "hall_outbox_oldest_seconds",
            "gauge",
            "Age of the oldest of them.",
            [({"terminal": one.terminal}, one.unsent_s) for one in floor.terminals if one.heard_at is not None],
        ),
    ]
    if timing.p50 is not None and timing.max is not None:
        told: list[Sample] = [({"quantile": "0.5"}, timing.p50), ({"quantile": "1"}, timing.max)]
        lines += _family("hall_decide_and_commit_ms", "gauge", "Turns of the writer.", told)
    return "\n".join([*lines, ""])


def _family(name: str, kind: str, told: str, samples: Iterable[Sample]) -> list[str]:
    return [
        f"# HELP {name} {told}",
        f"# TYPE {name} {kind}",
        *(f"{name}{_labels(labels)} {_number(value)}" for labels, value in samples),
    ]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    if value != value:  # noqa: PLR0124 - the one value that differs from itself
        return "NaN"
    return str(int(value)) if value == int(value) else f"{value:.3f}"
