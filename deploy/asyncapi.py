"""The wire as an AsyncAPI document, made from the message classes: `python -m deploy.asyncapi > docs/asyncapi.yaml`.

JSON is YAML, so the file needs no YAML library; a test holds it against the classes.
"""

import json
from typing import Any

import msgspec

from hall.wire import board, health_reports, lanes, pack_shown, peers

REF = "#/components/schemas/{name}"
TERMINAL_LANES: dict[str, tuple[type[msgspec.Struct], str]] = {
    "up": (lanes.Up, "Events of this terminal, in order; at least once; the ledger applies each once."),
    "mark": (lanes.Mark, "What the ledger holds of this terminal, sent after its commit; cumulative."),
    "ask": (lanes.Ask, "A command or read with its request id; asking twice gives the same answer."),
    "answer": (lanes.Answer, "The answer to one request."),
    "down": (lanes.Orders, "What this terminal must do once; all open orders, sent on change and on hello."),
    "link": (lanes.Link, "Hello, or the last will; a will is a hint."),
    "health": (health_reports.HealthReport, "Readings on change and every 10 s; lossy."),
}
HALL_LANES: dict[str, tuple[type[msgspec.Struct], str]] = {
    "board": (board.Board, "The hall as everybody may see it; full snapshot, latest version wins, at most 4 a second."),
    "pack": (pack_shown.PackShown, "What terminals need of the hall pack; full snapshot."),
    "beat": (lanes.Beat, "The hall server is here; every second."),
    "alerts": (health_reports.Alerts, "Open faults of the hall; full snapshot."),
}
PEERS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "peers": (
        peers.PeerSaid,
        "Between terminals while the server is away: calls made, tickets taken; lossy; each on its own topic.",
    ),
}
FROM_TERMINAL = frozenset({"up", "ask", "link", "health", "peers"})


def document() -> dict[str, Any]:
    """Return the document; the server is described as seen from itself (it receives what terminals send)."""
    channels = {**TERMINAL_LANES, **HALL_LANES, **PEERS}
    kinds = [*(kind for kind, _ in channels.values()), lanes.Envelope]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=REF)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Daoyin: terminals and hall server",
            "version": "1",
            "description": "MQTT 5 (works on 3.1.1), QoS 1, clean sessions. The broker is a switch, never a store.",
        },
        "channels": {lane: _channel(lane, kind, told) for lane, (kind, told) in channels.items()},
        "operations": {
            f"{'receive' if lane in FROM_TERMINAL else 'send'}_{lane}": {
                "action": "receive" if lane in FROM_TERMINAL else "send",
                "channel": {"$ref": f"#/channels/{lane}"},
            }
            for lane in channels
        },
        "components": {"schemas": schemas},
    }


def _channel(lane: str, kind: type[msgspec.Struct], told: str) -> dict[str, Any]:
    own = lane in TERMINAL_LANES
    parameters = {"hall": {"description": "hall id"}}
    if own or lane in PEERS:
        parameters["terminal"] = {"description": "terminal id; the access list lets each write its own only"}
    shared = f"hall/{{hall}}/{lane}/{{terminal}}" if lane in PEERS else f"hall/{{hall}}/{lane}"
    return {
        "address": f"hall/{{hall}}/terminal/{{terminal}}/{lane}" if own else shared,
        "description": told,
        "parameters": parameters,
        "messages": {
            kind.__name__: {"contentType": "application/json", "payload": {"$ref": REF.format(name=kind.__name__)}}
        },
    }


def text() -> str:
    """Return the file as it must stand in docs/."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(text(), end="")
