"""Sets an A4 sheet with typst, in memory: data in, tagged PDF/A out, the same bytes for the same data.

Every word is data (`sys_inputs`, JSON), never typst source: markup in a name is printed as it is. The source uses no
package and no file, so nothing is fetched. typst does not complain of a missing font family; we do. A character that
no font has is refused by PDF/A itself: an official paper with a box in a name is no official paper.
"""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import typst

import hall
from hall.look import parse as parse_look
from kiosk.flows.a4_papers import A4Paper
from kiosk.ports import DeviceError, Fault

SOURCE = Path(__file__).with_name("statement.typ").read_bytes()
STANDARD: Literal["a-2a"] = "a-2a"
"""PDF/A-2a (ISO 19005-2): archivable, tagged for those who listen, every character with its Unicode value."""
FONT_FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/truetype/noto"))
RARE_FOLDER = Path("/usr/share/fonts/truetype/hanazono")
"""Rare characters of names, where the hall has installed `fonts-hanazono`."""
NEEDED = {
    "Noto Sans CJK SC": "fonts-noto-cjk",
    "Noto Sans": "fonts-noto-core",
    "Noto Naskh Arabic": "fonts-noto-core",
    "Noto Serif Tibetan": "fonts-noto-core",
    "Noto Sans Mongolian": "fonts-noto-core",
}
"""Families in order of preference, each with the package that brings it."""
RARE = ("HanaMinA", "HanaMinB")
COLOURS = ("ink", "ink_soft", "line", "outline", "primary", "tint")


class Typesetter:
    """Reads the fonts once (a quarter of a second); keeps nothing of a sheet. One thread at a time."""

    def __init__(self, name: str, folders: tuple[Path, ...] = (*FONT_FOLDERS, RARE_FOLDER)) -> None:
        self._name = name
        there = [folder for folder in folders if folder.is_dir()]
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in there]
        )
        found = set(self._fonts.families())
        missing = {family: package for family, package in NEEDED.items() if family not in found}
        if missing:
            told = "; ".join(f"{family}: install {package}" for family, package in missing.items())
            raise DeviceError(Fault.OPTION, name, f"a font is missing: {told}")
        self._families = [*NEEDED, *(family for family in RARE if family in found)]

    def pdf(self, paper: A4Paper) -> bytes:
        """Return the sheet as PDF, or raise `DeviceError(REFUSED)` when a character cannot be drawn."""
        try:
            compiler = self._compiler(paper)
            told = compiler.compile(SOURCE, format="pdf", pdf_standards=[STANDARD], timestamp=paper.made_at)
        except typst.TypstError:
            # Its text would quote the sheet. Whoever looks for the cause sets the sample sheets.
            raise DeviceError(Fault.REFUSED, self._name, "a character of this sheet is in no font") from None
        return told if isinstance(told, bytes) else b"".join(told or ())

    def pictures(self, paper: A4Paper, dots_per_inch: float = 110) -> list[bytes]:
        """Return the pages as PNG, for eyes and for tests of the look."""
        told = self._compiler(paper).compile(SOURCE, format="png", ppi=dots_per_inch)
        return told if isinstance(told, list) else [told] if told is not None else []

    def _compiler(self, paper: A4Paper) -> typst.Compiler:
        """A compiler remembers its last input, so each sheet has its own."""
        data = asdict(paper) | {"families": self._families, "look": _look()}
        return typst.Compiler(
            font_paths=self._fonts, ignore_system_fonts=True, sys_inputs={"paper": json.dumps(data, ensure_ascii=False)}
        )


@cache
def _look() -> dict[str, str]:
    """Return the tokens of `hall/look.toml` that a sheet uses: one hand draws screen and paper."""
    tokens = Path(hall.__file__).with_name("look.toml").read_text(encoding="utf-8")
    colours = msgspec.structs.asdict(parse_look(tokens).colours)
    return {name: colours[name] for name in COLOURS}
