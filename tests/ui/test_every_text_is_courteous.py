"""Every text that is drawn, printed or spoken is courteous and filled in, judged as it reaches people."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from hall.ids import TicketLabel, WindowId
from hall.speech.courtesy import lint
from hall.speech.phrases import call_text
from kiosk.flows.notice_papers import notice_slip
from kiosk.flows.papers import statement_slip, ticket_slip
from kiosk.ports import Block, Boxed, Columns, Line, Slip
from kiosk.session import View
from kiosk.text import TextEngine
from kiosk.text.catalogue import Catalogue, load
from kiosk.ui.composing import Composer, Local
from kiosk.ui.widgets.picture import Label, Words
from tests.hall.world import qinghe
from tests.ui.every_shot import all_shots
from tests.ui.samples import PACK, Shot, issued, leased, statement

RAW = re.compile(r"\{[^}]*\}|%\([a-z_]+\)")
"""A placeholder that nobody filled."""
RUDE = "你这个办不了"


@cache
def engine() -> TextEngine:
    return TextEngine()


def on_screen(shot: Shot, language: str = "zh", catalogue: Catalogue | None = None) -> Iterator[str]:
    """Everything a person reads on one screen, and what its drawings and keys are called."""
    _, surface, around, step = shot
    composer = Composer(engine(), catalogue or load(), surface, lambda _: "09:41")
    picture = composer.compose(step, replace(around, view=View(language=language)), Local(), around.hall_time)
    for item in picture.items:
        if isinstance(item, Words | Label):
            yield item.text
    for target in picture.targets:
        yield target.text


def on_paper(slip: Slip) -> Iterator[str]:
    for block in slip.blocks:
        yield from _texts(block)


def _texts(block: Block) -> Iterable[str]:
    match block:
        case Line(text=text):
            return (text,)
        case Columns(texts):
            return texts
        case Boxed(lines):
            return lines
    return ()


def papers() -> Iterator[str]:
    def say(key: str, /, **values: str | int) -> str:
        return load().say("zh", key, **values)

    yield from on_paper(ticket_slip(issued(), leased(), PACK, say, issued_at="09:41", copy=True))
    yield from on_paper(ticket_slip(issued("Y003", priority=True), None, PACK, say, issued_at="09:41", copy=False))
    yield from on_paper(statement_slip(statement(), say, printed_at="09:41", copy=True))
    for item in PACK.items:
        yield from on_paper(notice_slip(item, PACK, say, printed_at="09:41"))


def spoken() -> Iterator[str]:
    yield from (word.text for word in qinghe().speech)
    yield call_text(TicketLabel("A012"), WindowId("3"))


@pytest.mark.row("ATT-12", part="face")
@pytest.mark.row("ATT-11", part="face")
@pytest.mark.row("QUE-19", part="face")
def test_every_screen_paper_and_voice_is_courteous_and_leaves_nothing_unfilled() -> None:
    shots = all_shots()
    found = {(shot[0], text) for shot in shots for text in on_screen(shot)}
    found |= {("paper", text) for text in papers()} | {("voice", text) for text in spoken()}
    assert len({name for name, _ in found}) >= len(shots), "every screen says something"
    assert [(where, text, lint(text)) for where, text in found if lint(text)] == []
    assert [(where, text) for where, text in found if RAW.search(text)] == []
    english = {text for shot in shots for text in on_screen(shot, "en")}
    assert [text for text in english if RAW.search(text)] == []


def test_a_rude_text_put_into_the_catalogue_is_found_on_the_screen_with_the_polite_way() -> None:
    known = load()
    rude = Catalogue({**known.tables, "zh": {**known.tables["zh"], "home.question": RUDE}})
    home = next(shot for shot in all_shots() if shot[0] == "home")
    (hit,) = [hit for text in on_screen(home, catalogue=rude) for hit in lint(text)]
    assert hit.instead
    assert not [hit for text in on_screen(home) for hit in lint(text)]


def test_the_greeting_names_the_hall_and_asks_what_is_needed() -> None:
    home = next(shot for shot in all_shots() if shot[0] == "home")
    told = "".join("".join(on_screen(home)).split())
    assert "您好，欢迎来到青禾市社会保险服务大厅" in told
    assert "请问您需要什么帮助" in told
