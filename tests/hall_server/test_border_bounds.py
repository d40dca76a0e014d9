"""What a terminal asks has bounds as what it tells has: its valid password makes no field of it believable."""

import msgspec
import pytest

from benchmarks.hall_rig import MONDAY
from hall.commands import Done, LeaseLabel, Refused, StepAway
from hall.desk_facts import AdoptTicket
from hall.errors import Reason
from hall.ids import ItemCode, StaffId, TerminalId, TicketId
from hall.people.holders import Holder, Proof
from hall.upkeep import MAX_LINES, LineSigned, SignOpening
from tests.hall.world import MONDAY as DAY
from tests.hall.world import offline_ticket
from tests.hall_server import test_border_proxies as proxies
from tests.hall_server.test_border import LI_HE, Counter, counter, make_counter, reason

__all__ = ["counter", "make_counter"]
GUIDE = StaffId("0101")
T1 = TicketId("1" * 32)
SLIP = AdoptTicket(issued=offline_ticket(T1, "C", 700, MONDAY - 60), terminal=TerminalId("K1"), staff=GUIDE)


def at(issued_at: float) -> AdoptTicket:
    return msgspec.structs.replace(SLIP, issued=msgspec.structs.replace(SLIP.issued, issued_at=issued_at))


@pytest.mark.parametrize(
    "command",
    [
        at(-1e300),
        at(1e300),
        at(1e12),
        LeaseLabel(ticket=T1, item=ItemCode("SI-301"), appointment_at=1e300),
        LeaseLabel(ticket=TicketId("长" * 5_000), item=ItemCode("SI-301")),
        LeaseLabel(ticket=T1, item=ItemCode("SI-301"), more_items=(ItemCode("SI-701"),) * 70),
        StepAway(label=SLIP.issued.label, staff=GUIDE, minutes=-1e300),
        SignOpening(day=DAY, lines=(LineSigned("x", "fine"),) * (MAX_LINES + 1), staff=GUIDE),
        SignOpening(day=DAY, lines=(LineSigned("x\u0000", "fine"),), staff=GUIDE),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_no_desk_can_mean_is_refused_and_enters_nothing(counter: Counter, command: AdoptTicket) -> None:
    proxies.at_the_desk(counter)
    before = len(list(counter.ledger.entries()))
    assert reason(counter.ask("D1", command)) in {Reason.MALFORMED, Reason.TOO_LARGE}
    assert len(list(counter.ledger.entries())) == before


def test_a_slip_brought_in_by_hand_is_taken_also_with_a_clock_that_is_wrong(counter: Counter) -> None:
    proxies.at_the_desk(counter)
    assert counter.ask("D1", at(MONDAY - 400 * 86_400.0)) == Done()


def test_the_longest_checklist_that_a_hall_signs_is_taken(counter: Counter) -> None:
    proxies.at_the_desk(counter)
    lines = tuple(LineSigned(f"{number}", "fine") for number in range(MAX_LINES))
    told = counter.ask("D1", SignOpening(day=DAY, lines=lines, staff=GUIDE))
    assert isinstance(told, Refused)
    assert "checklist" in told.sentence, "by the rules, which know the lines of this hall"


@pytest.mark.parametrize("name", ["李" * 81, "李\u202e和", "李\n和"])
def test_a_name_that_no_card_bears_is_shown_to_no_guide(counter: Counter, name: str) -> None:
    proxies.at_the_desk(counter)
    wild = Holder(name=name, number=LI_HE.number, proof=Proof.ID_CARD)
    assert reason(counter.ask("K2", proxies.ask(agent=wild))) is Reason.MALFORMED
    rare = Holder(name="李\ue86c·阿卜杜热合曼", number=LI_HE.number, proof=Proof.ID_CARD)
    assert counter.ask("K2", proxies.ask(agent=rare)) == Done()
