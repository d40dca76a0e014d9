"""How it looks. A screen is a pure function from a step to a `Picture`; only `window`, `stage` and `app` touch Kivy.

Nothing of a step outlives its picture: leaving a screen replaces the picture, and the text engine forgets with it.
Kivy reads these variables when it is first imported, so they are set before anything of this package can do that.
"""

import os
import tempfile
from pathlib import Path

HOME = Path(tempfile.gettempdir()) / f"daoyin-screen-{os.getuid()}"
"""Kivy insists on a folder of its own for icons; nothing of ours is kept there."""

for _name, _value in (
    ("KIVY_NO_ARGS", "1"),
    ("KIVY_NO_CONFIG", "1"),
    ("KIVY_NO_CONSOLELOG", "1"),
    ("KIVY_NO_FILELOG", "1"),
    ("KIVY_LOG_MODE", "PYTHON"),
    ("KIVY_METRICS_DENSITY", "1"),
    ("KIVY_HOME", str(HOME)),
):
    os.environ.setdefault(_name, _value)
Path(os.environ["KIVY_HOME"], "mods").mkdir(mode=0o700, parents=True, exist_ok=True)
