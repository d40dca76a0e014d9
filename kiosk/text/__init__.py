"""All text that people read is drawn here, for screens and for paper, with Pango (`TextEngine`)."""

from kiosk.text.engine import Drawn, TextEngine
from kiosk.text.fonts import icon
from kiosk.text.typesetting import Style

__all__ = ["Drawn", "Style", "TextEngine", "icon"]
