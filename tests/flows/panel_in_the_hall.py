"""Window panels and the real rules of the hall in one room: what is pressed is decided, and the board comes back."""

from dataclasses import dataclass, field

from hall.commands import AnyReply
from hall.day.board import board
from hall.ids import BusinessDay, StaffId, TerminalId, WindowId
from hall.pack.hall_pack import shown
from hall.wire.board import Board
from kiosk.flows.steps import PanelReady
from kiosk.flows.window_panel import advance
from kiosk.flows.words import BoardChanged, Effect, Happened, StartTimer, Step
from kiosk.performing.window_errands import window_errand
from kiosk.session import Frame
from tests.hall.world import PANELS, World, qinghe

PACK = shown(qinghe(), bytes(32))


@dataclass
class PanelInTheHall:
    """One window's panel, signed in. `press` waits for every answer; a board follows each, as on the wire."""

    world: World
    window: str = "14"
    step: Step = field(default_factory=lambda: PanelReady(StaffId(""), ""))
    answers: list[AnyReply] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.step = PanelReady(StaffId(PANELS[self.window][1]), "样例员工")

    def press(self, *touches: Happened) -> Step:
        for touch in touches:
            self._take(touch)
            self._take(BoardChanged(self.board(), window=WindowId(self.window)))
        return self.step

    def board(self) -> Board:
        return board(self.world.state, self.world.now, 1, 1, BusinessDay("2026-11-24"))

    def frame(self) -> Frame:
        terminal = TerminalId(PANELS[self.window][0])
        window = WindowId(self.window)
        return Frame(terminal, "window_panel", window, PACK, self.board(), hall_time=self.world.now)

    def _take(self, happened: Happened) -> None:
        self.step, effects = advance(self.step, happened)
        for effect in effects:
            self._ask(effect)

    def _ask(self, effect: Effect) -> None:
        errand = window_errand(effect, lambda: WindowId(self.window))
        if errand is None:
            assert isinstance(effect, StartTimer), effect
            return
        command, read = errand
        reply = self.world.ask(command, PANELS[self.window][0]).reply  # type: ignore[arg-type]
        self.answers.append(reply)
        self._take(read(reply))
