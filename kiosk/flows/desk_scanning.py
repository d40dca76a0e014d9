"""A slip under the guide desk's scanner opens its number."""

from hall.errors import Reason
from kiosk.flows import bringing_in
from kiosk.flows.desk_steps import DeskNumber, DeskTyping
from kiosk.flows.desk_words import ReadNumber
from kiosk.flows.scanned import SlipCode, read_code
from kiosk.flows.steps import DeskIssued, DeskReady
from kiosk.flows.words import Effect, Step


def scanned(step: DeskReady | DeskIssued | DeskTyping | DeskNumber, text: str) -> tuple[Step, tuple[Effect, ...]]:
    """Look the slip's number up, or check the slip of a cut-off terminal.

    A slip of another day has the label of somebody else, so its id must agree as well.
    """
    code = read_code(text)
    if isinstance(code, SlipCode) and code.signed:
        return bringing_in.begin(DeskReady(step.staff, step.name), text)
    if isinstance(code, SlipCode):
        asked = DeskTyping(step.staff, step.name, asked=code.label, slip=code.ticket)
        return asked, (ReadNumber(code.label, step.staff),)
    return DeskTyping(step.staff, step.name, problem=Reason.MALFORMED), ()
