"""Walks over the devices page: tests asked for one or all, refusals, the server away, double taps."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.ids import StaffId, TerminalId
from hall.wire.board import Board
from hall.wire.devices_shown import MAX_TERMINALS_SHOWN, SelfTestShown
from kiosk.flows import guide_desk
from kiosk.flows.desk_steps import DeskDevices, DeskTyping
from kiosk.flows.desk_words import ChoseTerminal, OpensDevices, OrdersAllTests, OrdersTest, OrderTest, TestOrdered
from kiosk.flows.steps import DeskIssuing, DeskReady, SigningIn
from kiosk.flows.words import (
    BoardChanged,
    Effect,
    GoesToHelp,
    GoToHelp,
    Happened,
    SignedOff,
    SignOutStaff,
    Step,
    WentBack,
    WentIdle,
)
from tests.flows.walking import walk_through
from tests.ui.samples import board

STAFF = StaffId("0101")
WHO = (STAFF, "何苗")
PAGE = DeskDevices(*WHO)
K1, K2, S1 = TerminalId("K1"), TerminalId("K2"), TerminalId("S1")


def walk(step: Step, *inputs: Happened) -> tuple[Step, list[Effect]]:
    return walk_through(guide_desk.advance, step, *inputs)


def page(*inputs: Happened) -> DeskDevices:
    step, _ = walk(PAGE, *inputs)
    assert isinstance(step, DeskDevices)
    return step


def told(*tests: SelfTestShown) -> BoardChanged:
    shown: Board = msgspec.structs.replace(board(), self_tests=tests)
    return BoardChanged(shown)


def test_one_touch_from_the_desk_opens_the_page_and_one_leads_back() -> None:
    assert walk(DeskReady(*WHO), OpensDevices()) == (PAGE, [])
    assert walk(DeskTyping(*WHO, typed="A1"), OpensDevices()) == (PAGE, [])
    assert walk(PAGE, ChoseTerminal(K1)) == (DeskDevices(*WHO, chosen=K1), [])
    assert walk(PAGE, ChoseTerminal(K1), WentBack()) == (PAGE, [])
    assert walk(PAGE, WentBack()) == (DeskReady(*WHO), [])


def test_while_a_number_is_on_its_way_the_page_stays_shut() -> None:
    issuing = DeskIssuing(*WHO, board().queues[0].series, priority=False)  # type: ignore[arg-type]
    assert walk(issuing, OpensDevices()) == (issuing, [])


def test_a_test_is_ordered_once_however_often_it_is_pressed() -> None:
    step, effects = walk(PAGE, OrdersTest(K1), OrdersTest(K1), TestOrdered(K1), OrdersTest(K1))
    assert effects == [OrderTest(K1, STAFF)]
    assert step == DeskDevices(*WHO, ordered=(K1,))


def test_what_was_ordered_is_forgotten_when_the_board_tells_its_result() -> None:
    step = page(OrdersTest(K1), TestOrdered(K1), told(SelfTestShown(terminal=K1, waiting=True)))
    assert step.ordered == (K1,)
    _, effects = walk(step, told(SelfTestShown(terminal=K1, at=9.0, tested=3)), OrdersTest(K1))
    assert effects == [OrderTest(K1, STAFF)]


def test_a_board_that_knows_nothing_of_an_order_on_its_way_takes_nothing_back() -> None:
    step, effects = walk(PAGE, OrdersTest(K1), told(), OrdersTest(K1))
    assert effects == [OrderTest(K1, STAFF)]
    assert step == DeskDevices(*WHO, asking=K1)


def test_all_are_asked_one_after_the_other() -> None:
    step, effects = walk(PAGE, OrdersAllTests((K1, K2, K1, S1)), OrdersAllTests((K1, K2, S1)))
    assert effects == [OrderTest(K1, STAFF)]
    step, effects = walk(step, TestOrdered(K1), TestOrdered(K2))
    assert effects == [OrderTest(K2, STAFF), OrderTest(S1, STAFF)]
    step, effects = walk(step, TestOrdered(S1))
    assert (step, effects) == (DeskDevices(*WHO, ordered=(K1, K2, S1)), [])


def test_one_terminal_with_five_open_orders_does_not_keep_the_others_from_their_test() -> None:
    step, effects = walk(PAGE, OrdersAllTests((K1, K2)), TestOrdered(K1, Reason.ILLEGAL_MOVE), TestOrdered(K2))
    assert effects == [OrderTest(K1, STAFF), OrderTest(K2, STAFF)]
    assert step == DeskDevices(*WHO, ordered=(K2,), refused=(K1,), problem=Reason.ILLEGAL_MOVE)
    again, effects = walk(step, OrdersTest(K1))
    assert effects == [OrderTest(K1, STAFF)]
    assert again == DeskDevices(*WHO, asking=K1, ordered=(K2,))


def test_with_the_server_away_the_rest_of_a_round_is_not_asked_and_its_return_is_seen() -> None:
    step, effects = walk(PAGE, OrdersAllTests((K1, K2, S1)), TestOrdered(K1, Reason.SERVER_AWAY))
    assert effects == [OrderTest(K1, STAFF)]
    assert step == DeskDevices(*WHO, refused=(K1, K2, S1), problem=Reason.SERVER_AWAY)
    assert walk(step, told()) == (DeskDevices(*WHO, refused=(K1, K2, S1)), [])


def test_an_answer_to_an_order_given_before_the_page_opened_changes_nothing() -> None:
    assert walk(PAGE, TestOrdered(K2, Reason.ILLEGAL_MOVE)) == (PAGE, [])


def test_a_round_is_bounded() -> None:
    many = tuple(TerminalId(f"K{number}") for number in range(MAX_TERMINALS_SHOWN + 9))
    assert len(page(OrdersAllTests(many)).queued) == MAX_TERMINALS_SHOWN - 1


def test_help_comes_first_here_too_and_signing_off_is_possible() -> None:
    assert walk(PAGE, GoesToHelp(K2)) == (PAGE, [GoToHelp(K2, STAFF)])
    assert walk(PAGE, SignedOff()) == (SigningIn("guide_desk"), [SignOutStaff(STAFF)])


TERMINALS = st.sampled_from([K1, K2, S1])
INPUTS = st.one_of(
    st.builds(OrdersTest, TERMINALS),
    st.builds(OrdersAllTests, st.lists(TERMINALS, max_size=4).map(tuple)),
    st.builds(TestOrdered, TERMINALS, st.sampled_from([None, Reason.ILLEGAL_MOVE, Reason.SERVER_AWAY])),
    st.builds(ChoseTerminal, TERMINALS),
    st.builds(told, st.builds(SelfTestShown, terminal=TERMINALS, waiting=st.booleans())),
    st.sampled_from([WentBack(), WentIdle(), OpensDevices()]),
)


@given(st.lists(INPUTS, max_size=30))
def test_whatever_is_pressed_at_most_one_order_is_on_its_way(inputs: list[Happened]) -> None:
    step: Step = PAGE
    for happened in inputs:
        before = step
        step, effects = guide_desk.advance(step, happened)
        orders = [effect for effect in effects if isinstance(effect, OrderTest)]
        assert len(orders) <= 1
        if isinstance(step, DeskDevices) and isinstance(before, DeskDevices):
            if orders:
                assert step.asking == orders[0].terminal
                assert before.asking is None or isinstance(happened, TestOrdered)
            assert not {step.asking} & {*step.queued, *step.ordered}
            assert len(set(step.queued)) == len(step.queued)


def test_at_the_desk_itself_a_terminal_can_be_asked_again_once_it_has_told() -> None:
    asked = DeskReady(*WHO, asked=(K1, K2))
    now = board().at
    assert walk(asked, told(SelfTestShown(terminal=K1, at=now - 90))) == (asked, []), "that was an earlier test"
    assert walk(asked, told(SelfTestShown(terminal=K1, at=now - 1, waiting=True))) == (asked, [])
    step, _ = walk(asked, told(SelfTestShown(terminal=K1, at=now - 1)))
    assert step == DeskReady(*WHO, asked=(K2,))
