"""Who may call a priority ticket when the open priority window does not do its work: nobody is stranded."""

import msgspec

from hall.commands import Called, CallNext
from hall.day.decisions import HallState
from hall.ids import WindowId
from tests.hall.asking import told
from tests.hall.world import CARD, PENSION, World, qinghe


def _hall(**changed: object) -> World:
    """A hall in which window 14 is changed and pensions are for window 7 alone, with windows 7 and 14 open."""
    pack = qinghe()
    windows = tuple(
        msgspec.structs.replace(window, **changed) if window.number == "14" else window for window in pack.windows
    )
    items = tuple(
        msgspec.structs.replace(item, windows=(WindowId("7"),)) if item.code == PENSION else item for item in pack.items
    )
    return World(HallState(msgspec.structs.replace(pack, windows=windows, items=items))).open().sign_in_all()


def test_a_priority_ticket_is_called_where_its_work_is_done_when_the_priority_window_lacks_it() -> None:
    world = _hall(series=("H", "Y"))
    world.take("y1", PENSION, "D1", grant=True)
    assert told(world.at(CallNext, "7").reply, Called).ticket == "y1"


def test_an_items_own_windows_count_too() -> None:
    world = _hall(series=("C", "H", "Y"))
    world.take("y1", PENSION, "D1", grant=True)
    assert told(world.at(CallNext, "7").reply, Called).ticket == "y1"


def test_a_priority_ticket_stays_with_the_open_priority_window_that_does_its_work() -> None:
    world = World(HallState(qinghe())).open().sign_in_all()
    world.take("y1", CARD, "D1", grant=True)
    assert "14" in world.state.known.items[CARD].windows
    compared = told(world.at(CallNext, "14").reply, Called)
    assert compared.ticket == "y1"
