"""Draw every step with sample data to PNG files: `python tests/ui/pictures.py FOLDER [--only NAME …] [--mode MODE …]`.

Reviewers and translators look at pictures. One file for each step and mode: standard, large, contrast, en.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PIL import Image

from kiosk.session import View
from kiosk.settings import Surface
from kiosk.text import TextEngine
from kiosk.text.catalogue import load
from kiosk.ui.composing import Composer, Local
from kiosk.ui.pixels import redrawn
from kiosk.ui.window import open_window
from tests.ui.every_shot import all_shots
from tests.ui.samples import Shot

MODES = {
    "standard": View(),
    "large": View(large=True),
    "contrast": View(contrast=True),
    "en": View(language="en"),
    "en_large": View(language="en", large=True),
    "en_large_contrast": View(language="en", large=True, contrast=True),
}
PERSONAL_MODES = ("large", "contrast", "en_large", "en_large_contrast")
"""Only the screens of residents and of staff who sign in have these; a display and a rating screen have none."""
PERSONAL_ROLES = frozenset({"self_service", "guide_desk", "window_panel"})


def shoot(shot: Shot, mode: str, engine: TextEngine, local: Local) -> Image.Image:
    """Draw one step in one mode."""
    _, surface, frame, step = shot
    composer = Composer(engine, load(), surface, lambda _: "09:41")
    picture = composer.compose(step, replace(frame, view=MODES[mode]), local, frame.hall_time)
    size, pixels = redrawn(engine, picture, (surface.width_px, surface.height_px))
    return Image.frombytes("RGB", size, pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def main() -> None:
    """Draw what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--mode", nargs="*", default=list(MODES), choices=list(MODES))
    parser.add_argument("--menu", default="")
    parser.add_argument("--blink", action="store_true")
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    open_window(Surface(width_px=64, height_px=64))
    engine = TextEngine()
    local = Local(menu=told.menu, blink=told.blink)
    for shot in all_shots():
        name, personal = shot[0], shot[2].role in PERSONAL_ROLES
        if told.only and not any(name.startswith(wanted) for wanted in told.only):
            continue
        for mode in told.mode:
            if personal or mode not in PERSONAL_MODES:
                shoot(shot, mode, engine, local).save(told.folder / f"{name}-{mode}.png", compress_level=1)


if __name__ == "__main__":
    main()
