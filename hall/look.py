"""The design tokens of `look.toml`, typed. Theme, paper and stylesheet read them here and add none of their own."""

import tomllib

import msgspec

from hall.errors import HallError, Reason


class Tokens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all token tables: unknown keys are refused."""


class Colours(Tokens, frozen=True, kw_only=True):
    """Colours by meaning, `#RRGGBB`. `on_…` is the text on it, `…_tint` the fill behind it."""

    ink: str
    ink_soft: str
    paper: str
    card: str
    outline: str
    line: str
    primary: str
    on_primary: str
    tint: str
    on_tint: str
    accent: str
    attention: str
    attention_tint: str
    fault: str
    fault_tint: str
    header: str
    on_header: str
    press: str


class TypeSizes(Tokens, frozen=True, kw_only=True):
    """Em boxes, the greater of millimetres and pixels; line heights in em."""

    caption_mm: float
    caption_px: float
    body_mm: float
    body_px: float
    button_mm: float
    button_px: float
    title_mm: float
    title_px: float
    number_min_mm: float
    number_max_mm: float
    large_body_mm: float
    large_viewing_mm: float
    line_title: float
    line_body: float
    line_tibetan: float


class Grid(Tokens, frozen=True, kw_only=True):
    """Columns and distances."""

    columns: int
    base_px: float
    base_width_px: float
    margin_px: float
    target_mm: float
    apart_mm: float


class Motion(Tokens, frozen=True, kw_only=True):
    """The little that moves, and what must be read from afar."""

    fade_ms: float
    call_blinks: int
    call_blink_hz: float
    display_digit_mm: float


class Families(Tokens, frozen=True, kw_only=True):
    """Font families in order."""

    text: tuple[str, ...]
    icons: str


class Look(Tokens, frozen=True, kw_only=True):
    """All tokens."""

    colours: Colours
    high_contrast: Colours
    type: TypeSizes
    grid: Grid
    motion: Motion
    families: Families


HEX_COLOUR_CHARS = 7


def parse(text: str) -> Look:
    """Return the tokens of a `look.toml`, or raise `HallError(MALFORMED)` naming the key."""
    try:
        look = msgspec.convert(tomllib.loads(text), Look)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise HallError(Reason.MALFORMED, "look.toml", str(error)) from error
    for name, palette in (("colours", look.colours), ("high_contrast", look.high_contrast)):
        for key, colour in msgspec.structs.asdict(palette).items():
            if not _is_colour(colour):
                raise HallError(Reason.MALFORMED, f"look.toml:{name}.{key}", "a colour is written #RRGGBB")
    return look


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2.2 contrast ratio of two colours `#RRGGBB`, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _is_colour(text: str) -> bool:
    return len(text) == HEX_COLOUR_CHARS and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear_below = 0.04045  # WCAG 2.2, relative luminance
    red, green, blue = (c / 12.92 if c <= linear_below else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
