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


def icon_svg() -> str:
    """Return the sign in the browser's tab: 导 on jade."""
    colours = tokens().colours
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{colours.primary}"/>'
        f'<text x="32" y="47" font-size="42" text-anchor="middle" fill="{colours.on_primary}">导</text></svg>'
    )
