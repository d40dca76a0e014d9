"""Whatever fails in front of a resident: an apology, what happened in plain words, and a way on (ATT-01)."""

import re
from dataclasses import replace

import pytest

from hall.errors import Reason
from hall.ids import ItemCode
from hall.speech.courtesy import lint
from kiosk.flows import steps
from kiosk.flows.words import CardKind, Step
from kiosk.ports import CardProblem, Fault
from kiosk.session import Frame, View
from kiosk.ui.widgets.picture import Words
from tests.ui.samples import PRINTER_DOWN, SELF_SERVICE, frame, issued, leased
from tests.ui.test_pictures_hold import picture_of

AT = frame("K1", "self_service")
WAYS = {"end", "home", "retry", "print", "help_now"}
OURS = {CardProblem.READER, CardProblem.DAMAGED}
"""What our reader could not do is ours to be sorry for; that a card has expired is nobody's fault."""
CODES = {fault.value for fault in Fault} | {reason.value for reason in Reason} | {"Error", "Traceback", "None"}


def shown(step: Step, around: Frame = AT, language: str = "zh") -> tuple[dict[str, str], set[str]]:
    """Return the named texts of a screen, and what can be touched besides help in its fixed place."""
    picture = picture_of(("here", SELF_SERVICE, around, step), View(language=language))
    texts = {item.name: item.text.replace("\n", "") for item in picture.items if isinstance(item, Words) and item.name}
    for text in texts.values():
        assert not [code for code in CODES if re.search(rf"\b{code}\b", text) and code not in {"option", "silent"}]
        assert lint(text) == ()
    assert "help" in {target.name for target in picture.targets if target.enabled}, "help is always there"
    return texts, {target.name for target in picture.targets if target.enabled}


@pytest.mark.row("ATT-01", part="face")
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("paper", [steps.Paper.WAITING, steps.Paper.FAILED])
def test_whatever_stops_the_printer_the_ticket_says_sorry_and_how_to_go_on(paper: steps.Paper, fault: Fault) -> None:
    texts, touches = shown(steps.ShowingTicket(issued(), leased(), paper, fault))
    assert texts["paper"].startswith("对不起")
    assert "打印" in texts["paper"]
    assert touches & WAYS


@pytest.mark.row("ATT-01", part="face")
@pytest.mark.parametrize("problem", CardProblem)
@pytest.mark.parametrize("card", CardKind)
def test_whatever_is_wrong_with_a_card_or_its_reader_there_are_two_ways_on(
    card: CardKind, problem: CardProblem
) -> None:
    texts, touches = shown(steps.CardTrouble("contributions", card, problem))
    if problem in OURS:
        assert texts["title"].startswith("对不起")
    assert texts["title"]
    assert texts["sentence_1"]
    assert len(touches & WAYS) >= 2


@pytest.mark.row("ATT-01", part="face")
@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("away", [False, True])
def test_whatever_the_network_or_the_data_refuse_there_are_two_ways_on(reason: Reason, away: bool) -> None:
    texts, touches = shown(steps.Apology(reason, ItemCode("SI-301")), replace(AT, server_away=away))
    assert texts["title"].startswith("对不起")
    assert texts["sentence_1"]
    assert texts["sentence_2"]
    assert len(touches & WAYS) >= 2


@pytest.mark.row("ATT-01", part="face")
def test_a_broken_printer_or_a_cut_network_is_told_on_the_first_screen_and_closes_no_way() -> None:
    for around in (replace(AT, devices=(PRINTER_DOWN,)), replace(AT, server_away=True)):
        texts, touches = shown(steps.Home(), around)
        assert "对不起" in texts["note"]
        assert {"take_ticket", "query_print"} <= touches
