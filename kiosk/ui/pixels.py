"""Pixels back from the graphics card: of the window, or of a picture drawn once more at full size."""

from typing import Any

from kivy.graphics import Fbo
from kivy.graphics.context import get_context
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glFinish, glReadPixels

from kiosk.text import TextEngine
from kiosk.ui.stage import Stage, Touched
from kiosk.ui.widgets.picture import Picture

Pixels = tuple[tuple[int, int], bytes]
"""Width and height, and RGB rows from the bottom up."""


def finish_drawing() -> None:
    """Wait until the frame is drawn; without it the offscreen driver keeps every frame in memory."""
    glFinish()


def window_pixels(window: Any) -> Pixels:
    """Return what the window shows."""
    window.on_draw()
    glFinish()
    width, height = (int(side) for side in window.size)
    return (width, height), bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))


def redrawn(engine: TextEngine, picture: Picture, size: tuple[int, int]) -> Pixels:
    """Draw `picture` at one pixel for one logical pixel, apart from the window."""
    get_context().gl_dealloc()  # what earlier pictures held; outside the window's own loop nobody else lets go of it
    stage = Stage(engine, size=size, scale=1.0, touched=Touched(lambda *_: None, lambda *_: None))
    stage.show(picture)
    fbo = Fbo(size=size)
    fbo.add(stage.canvas)
    fbo.draw()
    rgba = fbo.pixels
    rows = bytearray(3 * size[0] * size[1])
    for channel in range(3):
        rows[channel::3] = rgba[channel::4]
    return size, bytes(rows)
