"""Steps of the visit: call, recall, start, finish, rate; then the ordinary ticket at its own window."""

from collections.abc import Callable
from functools import partial

from deploy.virtual_hall.plan import BAR_ADDRESSES
from deploy.virtual_hall.screens import Seen
from deploy.virtual_hall.visit import Step, Visit
from deploy.virtual_hall.waiting import wait_for
from hall.ids import TicketLabel, WindowId
from hall.speech.phrases import call_spoken

CALL_S = 2.0
"""Call to display and speech (issue, visit 5)."""
SPOKEN_S = 30.0
"""Sentences said twice take their time, one after the other; only their beginning is bound to `CALL_S`."""
BAR_S = 4.0
"""A bar hears of the call when speech begins; the line runs at 9,600 baud."""
CALLS = ("TicketCalled", "TicketRecalled")
ASK_S = 5.0


def call_priority(visit: Visit) -> None:
    """Window 14 calls: the priority ticket; display, speech twice and the window's bar follow."""
    label = visit.facts["priority"]
    w14 = visit.screen("W14")
    visit.album.screen(w14, "panel-ready")
    w14.touch("call_next")
    called = w14.shows("PanelCalling", ASK_S)
    visit.see(called.label == label, f"window 14 called {called.label}, not the priority ticket {label}")
    is_announced(visit, label, "14")
    visit.see("优先" in called.text, "the panel does not say 优先")
    visit.album.screen(w14, "panel-calling")
    visit.album.screen(visit.screen("S1"), "hall-display")


def recall_and_start(visit: Visit) -> None:
    """Window 14 calls again, then starts the service."""
    w14 = visit.screen("W14")
    w14.touch("recall")
    w14.shows("PanelCalling", ASK_S)
    w14.touch("start")
    w14.shows("PanelServing", ASK_S)
    visit.album.screen(w14, "panel-serving")


def finish_and_rate(visit: Visit) -> None:
    """Finishing prompts once on the rating screen; five levels and a way to decline (SUP-07)."""
    r14 = visit.screen("R14")
    visit.screen("W14").touch("finish")
    visit.screen("W14").shows("PanelReady", ASK_S)
    seen = r14.shows("AskingRating", ASK_S)
    for words in ("非常满意", "基本满意", "不满意", "非常不满意", "不评价"):
        visit.see(words in seen.text, f"the rating screen does not offer {words}")
    visit.album.screen(r14, "rating")
    r14.touch("grade:5")
    r14.shows("RatingThanks", ASK_S)


def ordinary_at_window_7(visit: Visit) -> None:
    """The ordinary ticket is called, served and finished at window 7 (QUE-04)."""
    label = next(label for label in visit.printed if label.startswith("C"))
    w07 = visit.screen("W07")
    w07.touch("call_next")
    called = w07.shows("PanelCalling", ASK_S)
    visit.see(called.label == label, f"window 7 called {called.label}, not {label}")
    is_announced(visit, label, "7")
    w07.touch("start")
    w07.shows("PanelServing", ASK_S)
    w07.touch("finish")
    w07.shows("PanelReady", ASK_S)
    visit.album.screen(visit.screen("S1"), "hall-display-two-calls")


def is_announced(visit: Visit, label: str, window: str) -> None:
    """Display and bar show the call at once; `every_call_is_spoken` listens later, speech takes its time."""

    def on_display(seen: Seen) -> bool:
        return label in seen.text

    visit.screen("S1").shows("DisplayShowing", CALL_S, where=on_display, what=f"with {label}")
    address = int(window)
    visit.see(address in BAR_ADDRESSES, f"window {window} has no bar")
    alive = visit.hall.children.check
    wait_for(f"the bar of window {window} shows {label}", lambda: label in visit.bench.bar(address), BAR_S, alive=alive)


def every_call_is_spoken(visit: Visit) -> None:
    """Each call was spoken twice, in words that part the digits; the recall too."""
    calls = [entry["event"] for entry in visit.ledger() if entry["event"]["kind"] in CALLS]
    visit.see(len(calls) > 2, "calls or the recall are missing in the ledger")  # noqa: PLR2004 - two calls, one recall

    def said() -> str:
        return plain("".join(visit.bench.speech()))

    for call in calls:
        recalled = call["kind"] == "TicketRecalled"
        spoken = plain(call_spoken(TicketLabel(call["label"]), WindowId(call["window"]), recalled=recalled))
        what = f"the speaker says {spoken} twice"
        alive = visit.hall.children.check
        wait_for(what, partial(_twice, spoken, said), SPOKEN_S, alive=alive, seen=said)


def _twice(spoken: str, said: Callable[[], str]) -> bool:
    return said().count(spoken) > 1


def plain(spoken: str) -> str:
    """Return what was said without the spaces that part words."""
    return "".join(spoken.split())


CALL = Step("window 14 calls the priority ticket: display and LED bar show it", call_priority)
SERVICE = (
    Step("window 14 calls again and starts the service", recall_and_start),
    Step("finishing prompts once for a rating, which is given", finish_and_rate),
    Step("window 7 calls, serves and finishes the ordinary ticket", ordinary_at_window_7),
)
SPOKEN = Step("every call and the recall were spoken twice", every_call_is_spoken)
