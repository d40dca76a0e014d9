"""Draws a picture on Kivy's canvas and turns touches back into its targets. Only what changed is drawn anew."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from kivy.graphics import (
    Color,
    InstructionGroup,
    Rectangle,
    SmoothLine,
    SmoothRoundedRectangle,
)
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from kiosk.text import Drawn, TextEngine
from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.picture import Fill, Item, Label, Line, Picture, Target, Words
from kiosk.ui.widgets.placing import corner, scaled

PRESS_ALPHA = 0.34
"""How dark a pressed target gets: plain to see, its words still legible."""


class Stage(Widget):
    """One picture on the window, at `scale` window pixels for one logical pixel."""

    def __init__(self, engine: TextEngine, *, size: tuple[int, int], scale: float, touched: "Touched") -> None:
        super().__init__(size=size, size_hint=(None, None), pos=(0, 0))
        self._engine = engine
        self._scale = scale
        self._touched = touched
        self._groups: list[tuple[Item, Any]] = []
        self._press = InstructionGroup()
        self._finger: Any = None
        self._pressed: Target | None = None
        self.picture = Picture("#FFFFFF", (), ())

    def show(self, picture: Picture) -> bool:
        """Put `picture` on the canvas; tell whether anything changed."""
        if picture == self.picture and self._groups:
            return False
        kept: dict[Item, list[Any]] = defaultdict(list)
        for item, group in self._groups:
            kept[item].append(group)
        self._groups = [(item, kept[item].pop() if kept.get(item) else self._drawn(item)) for item in picture.items]
        self.picture = picture
        self.canvas.clear()
        self.canvas.add(_color(picture.ground))
        self.canvas.add(Rectangle(pos=(0, 0), size=self.size))
        for _, group in self._groups:
            self.canvas.add(group)
        self._show_press()
        self.canvas.add(self._press)
        return True

    def clear(self) -> None:
        """Drop every drawing: nothing of the person who left stays in memory or on the graphics card."""
        self._groups = []
        self._pressed = None
        self._press.clear()
        self.canvas.clear()
        self.picture = Picture("#FFFFFF", (), ())

    def on_touch_down(self, touch: Any) -> bool:
        """Press the target under the first finger; a second finger and other buttons do nothing."""
        if self._finger is not None or getattr(touch, "button", "left") not in ("left", None):
            return True
        self._finger = touch.uid
        target = self.picture.at(*self._logical(touch))
        self._pressed = target
        self._show_press()
        self._touched.down(target, *self._logical(touch))
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Let go: a tap counts where the finger is still on what it pressed."""
        if touch.uid != self._finger:
            return True
        self._finger = None
        pressed, self._pressed = self._pressed, None
        self._show_press()
        if pressed is not None:
            now = self.picture.at(*self._logical(touch))
            inside = now is not None and now.name == pressed.name
            self._touched.up(pressed, inside=inside)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Nothing is dragged."""
        del touch
        return True

    def _logical(self, touch: Any) -> tuple[float, float]:
        return touch.x / self._scale, (self.height - touch.y) / self._scale

    def _show_press(self) -> None:
        self._press.clear()
        target = self._pressed
        if target is None or not any(t.name == target.name for t in self.picture.targets):
            return
        x, y, w, h = self._place(target.box)
        self._press.add(_color(self.picture.press, PRESS_ALPHA))
        self._press.add(SmoothRoundedRectangle(pos=(x, y), size=(w, h), radius=[target.radius * self._scale]))

    def _place(self, box: Box) -> tuple[float, float, float, float]:
        """Window pixels with the origin at the bottom left, on whole pixels so that edges are crisp."""
        left, right = round(box.x * self._scale), round(box.right * self._scale)
        top, bottom = round(box.y * self._scale), round(box.bottom * self._scale)
        return left, round(self.height) - bottom, max(1, right - left), max(1, bottom - top)

    def _drawn(self, item: Item) -> Any:
        group = InstructionGroup()
        if isinstance(item, Fill):
            self._fill(group, item)
        elif isinstance(item, Line):
            self._line(group, item)
        elif not isinstance(item, Label):
            self._words(group, item)
        return group

    def _fill(self, group: Any, fill: Fill) -> None:
        x, y, w, h = self._place(fill.box)
        radius = min(fill.radius * self._scale, w / 2, h / 2)
        edge = max(1, round(fill.outline_px * self._scale)) if fill.outline else 0
        if edge:
            group.add(_color(fill.outline))
            group.add(_rounded(x, y, w, h, radius))
        group.add(_color(fill.color))
        group.add(_rounded(x + edge, y + edge, w - 2 * edge, h - 2 * edge, max(0.0, radius - edge)))

    def _line(self, group: Any, line: Line) -> None:
        points = [
            coordinate * self._scale if index % 2 == 0 else self.height - coordinate * self._scale
            for index, coordinate in enumerate(line.points)
        ]
        group.add(_color(line.color))
        group.add(SmoothLine(points=points, width=max(1.0, line.width * self._scale / 2), cap="round", joint="round"))

    def _words(self, group: Any, words: Words) -> None:
        drawn = self._engine.draw(words.text, scaled(words.style, self._scale))
        left, top, width, height = drawn.ink
        left, top = max(0, left), max(0, top)
        width, height = min(width, drawn.width - left), min(height, drawn.height - top)
        if width <= 0 or height <= 0:
            return
        x, y = corner(words, drawn, self._scale)
        group.add(_color(words.color))
        place = (x + left, round(self.height) - (y + top) - height)
        group.add(Rectangle(texture=_texture(drawn, left, top, width, height), pos=place, size=(width, height)))


class Touched:
    """What the stage reports: which target was pressed, and where it was let go."""

    def __init__(self, down: Callable[[Target | None, float, float], None], up: Callable[[Target, bool], None]) -> None:
        self._down = down
        self._up = up

    def down(self, target: Target | None, x: float, y: float) -> None:
        """A finger came down."""
        self._down(target, x, y)

    def up(self, target: Target, *, inside: bool) -> None:
        """It was lifted."""
        self._up(target, inside)


def _color(color: str, alpha: float = 1.0) -> Any:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return Color(red, green, blue, alpha)


def _rounded(x: float, y: float, w: float, h: float, radius: float) -> Any:
    size = (max(1, w), max(1, h))
    if radius < 1:
        return Rectangle(pos=(x, y), size=size)
    return SmoothRoundedRectangle(pos=(x, y), size=size, radius=[radius])


def _texture(drawn: Drawn, left: int, top: int, width: int, height: int) -> Any:
    """White with the mask as alpha, only where there is ink; tinted by the colour before it."""
    rows = range(top, top + height)
    mask = b"".join(drawn.mask[row * drawn.width + left : row * drawn.width + left + width] for row in rows)
    pixels = bytearray(b"\xff" * (4 * len(mask)))
    pixels[3::4] = mask
    texture = Texture.create(size=(width, height), colorfmt="rgba")
    texture.flip_vertical()
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    return texture
