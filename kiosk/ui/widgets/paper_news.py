"""How the paper is doing, as one sentence that says what to do now."""

from kiosk.flows.steps import Paper
from kiosk.ports import Fault
from kiosk.ui.widgets.marks import Tone
from kiosk.ui.widgets.painter import Painter

KNOWN = (Fault.NO_PAPER, Fault.PAPER_LOW, Fault.COVER_OPEN, Fault.CUTTER, Fault.OVERHEATED)
"""Faults that a resident understands; all others are told as 打印机出现故障."""


def paper_news(p: Painter, what: str, paper: Paper, fault: Fault | None) -> tuple[Tone, str]:
    """Return the tone and the sentence; `what` is `ticket` or `statement`."""
    tones: dict[Paper, Tone] = {Paper.NONE: "calm", Paper.PRINTING: "calm", Paper.OUT: "fine"}
    told = fault.value if fault is not None and fault in KNOWN else "other"
    return tones.get(paper, "attention"), p.say(f"{what}.paper_{paper.value}", cause=p.say(f"fault.{told}"))
