"""A clerk who paused the window during an outage comes back to it, and nobody else does."""

from hall.commands import AnyReply, Refused, SignedIn
from hall.errors import Reason
from hall.ids import StaffId
from kiosk.performing.signing_alone import MOST_WRONG, SigningAlone

AWAY = Refused(reason=Reason.SERVER_AWAY)
CLERK = StaffId("0303")
WHO = SignedIn(staff=CLERK, name="样例", roles=("clerk",))


def signing() -> SigningAlone:
    made = SigningAlone(lambda count: bytes(range(count)))
    assert made.answer(CLERK, "2468", WHO) is WHO
    return made


def wrong(reply: AnyReply) -> tuple[Reason, int | None]:
    assert isinstance(reply, Refused)
    return reply.reason, reply.tries_left


def test_the_same_clerk_with_the_same_pin_goes_on() -> None:
    assert signing().answer(CLERK, "2468", AWAY) == WHO


def test_another_clerk_or_a_panel_that_was_restarted_waits_for_the_server() -> None:
    assert signing().answer(StaffId("0304"), "2468", AWAY) is AWAY
    assert SigningAlone(bytes).answer(CLERK, "2468", AWAY) is AWAY


def test_what_the_server_decides_is_never_overruled() -> None:
    no = Refused(reason=Reason.WRONG_PIN, tries_left=2)
    assert signing().answer(CLERK, "2468", no) is no


def test_guessing_ends_after_three_tries_until_the_server_is_back() -> None:
    made = signing()
    tries = [wrong(made.answer(CLERK, f"000{number}", AWAY)) for number in range(MOST_WRONG)]
    assert tries == [(Reason.WRONG_PIN, 2), (Reason.WRONG_PIN, 1), (Reason.WRONG_PIN, 0)]
    assert made.answer(CLERK, "2468", AWAY) is AWAY
    made.answer(CLERK, "2468", WHO)
    assert made.answer(CLERK, "2468", AWAY) == WHO


def test_nothing_of_the_pin_is_shown() -> None:
    assert "2468" not in repr(signing()._known)
