"""The design tokens as CSS, from the same `look.toml` as screens and paper."""

from functools import cache
from importlib.resources import files

import msgspec

from hall import look


@cache
def tokens() -> look.Look:
    """Return the tokens."""
    return look.parse(files("hall").joinpath("look.toml").read_text(encoding="utf-8"))


def families() -> str:
    """Return the font families as CSS writes them."""
    return ",".join(f'"{family}"' for family in tokens().families.text) + ",sans-serif"


def tokens_css() -> str:
    """Return `:root{--ink:…}`."""
    colours = "".join(
        f"--{name.replace('_', '-')}:{value};" for name, value in msgspec.structs.asdict(tokens().colours).items()
    )
    return f":root{{{colours}--families:{families()};}}\n"
