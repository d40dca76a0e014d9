"""Is the ledger whole, and what does it say: chain verification and export."""

import json
from dataclasses import dataclass
from typing import TextIO

from hall.ledger import chain
from hall_server.ledger.entries import chain_body
from hall_server.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `broken_at` is the ledger number of the first entry that does not fit."""

    entries: int
    head: str
    broken_at: int | None = None


def verify(ledger: Ledger) -> Verdict:
    """Check that entries are numbered without a gap and that each digest covers its entry and the one before."""
    head = chain.GENESIS
    count = 0
    for entry in ledger.entries():
        if entry.ledger_seq != count + 1:
            return Verdict(count, head, broken_at=count + 1)
        if chain.link(head, chain_body(entry)) != entry.chain:
            return Verdict(count, head, broken_at=entry.ledger_seq)
        head = entry.chain
        count += 1
    return Verdict(count, head)


def export(ledger: Ledger, out: TextIO) -> None:
    """Write one JSON object: the events in order with their digests, a line each, and what lies in quarantine."""
    out.write('{"events": [')
    head = chain.GENESIS
    for number, entry in enumerate(ledger.entries()):
        told = {
            "ledger_seq": entry.ledger_seq,
            "device": entry.device,
            "epoch": entry.epoch,
            "seq": entry.seq,
            "event_id": entry.event_id,
            "at": entry.at,
            "flags": list(entry.flags),
            "event": json.loads(entry.body.decode("utf-8", "replace")),
            "chain": entry.chain,
        }
        line = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace").decode()  # lone surrogates
        out.write((",\n" if number else "\n") + line)
        head = entry.chain
    held = [
        {"id": row.id, "at": row.at, "terminal": row.terminal, "reason": row.reason, "sentence": row.sentence}
        for row in ledger.quarantine()
    ]
    rest = {"quarantine": held, "chain_head": head}
    out.write("\n],\n" + json.dumps(rest, ensure_ascii=False)[1:] + "\n")
