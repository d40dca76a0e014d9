"""What tests and the visit see of a screen: where every widget stands on the display."""

from dataclasses import dataclass

from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.picture import Label, Picture, Words


@dataclass(frozen=True, slots=True)
class WidgetSeen:
    """A widget: `box` is x, y, width, height in display pixels from the top left."""

    name: str
    text: str
    box: tuple[int, int, int, int]
    enabled: bool


def widgets_of(picture: Picture, *, scale: float, left: int, top: int) -> list[WidgetSeen]:
    """Return every place to touch and every text of `picture` in a window that stands at (left, top)."""

    def seen(name: str, text: str, box: Box, *, enabled: bool) -> WidgetSeen:
        place = (round(box.x * scale) + left, round(box.y * scale) + top, round(box.w * scale), round(box.h * scale))
        return WidgetSeen(name, text, place, enabled)

    targets = [seen(target.name, target.text, target.box, enabled=target.enabled) for target in picture.targets]
    texts = [item for item in picture.items if isinstance(item, Words | Label)]  # most have no name
    return targets + [seen(item.name, item.text, item.box, enabled=False) for item in texts]
