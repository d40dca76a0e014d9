"""The page after a poor rating, as its tests and pictures show it: nothing chosen, some, all; both ways up."""

from hall.ids import ServiceId, WindowId
from hall.rating_facts import Dimension
from kiosk.flows.rating_words import AskingReasons
from kiosk.flows.steps import RatingThanks
from tests.ui.samples import RATING, RATING_TALL, Shot, frame

SERVICE, WINDOW = ServiceId("s/1"), WindowId("14")
SOME = frozenset({Dimension.TIMELINESS, Dimension.LANGUAGE})


def reasons_shots() -> list[Shot]:
    at = frame("R14", "rating_screen", window="14")
    shots: list[Shot] = []
    for suffix, surface in (("", RATING), ("_tall", RATING_TALL)):
        shots += [
            (f"rating_reasons{suffix}", surface, at, AskingReasons(WINDOW, SERVICE, 2)),
            (f"rating_reasons_some{suffix}", surface, at, AskingReasons(WINDOW, SERVICE, 1, SOME)),
            (f"rating_reasons_all{suffix}", surface, at, AskingReasons(WINDOW, SERVICE, 1, frozenset(Dimension))),
        ]
    return [*shots, ("rating_thanks_poor", RATING, at, RatingThanks(WINDOW, SERVICE, 2))]
