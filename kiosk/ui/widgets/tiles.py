"""Tiles that can be chosen, or rest: resting ones are flat and quiet in every palette."""

from kiosk.ui.widgets.box import Box
from kiosk.ui.widgets.painter import CONTRAST_OFF, Painter


def tile(p: Painter, box: Box, *, enabled: bool) -> tuple[str, str]:
    """Lay a tile; return the ink of its title and of what stands under it."""
    colors = p.colors
    if enabled:
        p.card(box)
        return colors.ink, colors.ink_soft
    p.fill(box, colors.paper, 18.0, colors.paper if p.look.contrast else colors.line)
    ink = CONTRAST_OFF if p.look.contrast else colors.ink_soft
    return ink, ink
