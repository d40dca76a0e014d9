"""Printers by name: `profiles.toml` beside this file, checked as a whole when it is read."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.devices.slip_printers.columns import Charset

Chinese = Literal["gbk", "gb2312", "none"]
Cutter = Literal["partial", "full", "none"]
Qr = Literal["native", "raster"]
RasterCommand = Literal["gs_v_0", "gs_paren_l"]
Means = Literal["process_id", "status", "none"]
"""How surely a printer can tell the end of a job (devices reference 4.2)."""

TABLE = Path(__file__).with_name("profiles.toml")


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model can do; see the head of `profiles.toml`."""

    title: str
    paper_width_dots: int
    chinese: Chinese
    chinese_at_start: bool
    code_page: int
    sets_units: bool
    cutter: Cutter
    qr: Qr
    raster: RasterCommand
    status: Means
    identifies: bool
    roll_m: float
    near_end_m: float
    source: str

    @property
    def charset(self) -> Charset:
        """Characters of the Chinese font; of no meaning without one."""
        return "gbk" if self.chinese == "none" else self.chinese


@cache
def profiles() -> dict[str, Profile]:
    """All known printers, by name."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), dict[str, Profile])


def profile(name: str) -> Profile:
    """Return one; `LookupError` with the list of what exists."""
    known = profiles()
    if name not in known:
        message = f"no such profile: {name}; there are {', '.join(sorted(known))}"
        raise LookupError(message)
    return known[name]
