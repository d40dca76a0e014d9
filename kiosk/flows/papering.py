"""How a print job's news reads on a screen."""

from kiosk.flows.steps import Paper
from kiosk.ports import Fault, PrintOutcome


def paper_after(outcome: PrintOutcome) -> Paper:
    """Return what to tell the person when the job has ended."""
    match outcome:
        case PrintOutcome.PRINTED | PrintOutcome.PROCESSED | PrintOutcome.SENT:
            return Paper.OUT
        case PrintOutcome.FAILED:
            return Paper.FAILED
        case PrintOutcome.UNKNOWN:
            return Paper.UNSURE


def paper_stalled(fault: Fault | None) -> Paper:
    """Return what to tell the person while the job waits for people, or goes on again."""
    return Paper.WAITING if fault is not None else Paper.PRINTING
