"""Which fonts exist for us: exactly these files, whatever else the machine has.

A machine's own fallback rules would draw Uyghur in DejaVu here and in Naskh there, so every engine gets a
fontconfig configuration that accepts only the files named in this module.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from fonticon_mdi7 import MDI7

from hall.errors import HallError, Reason

CACHE_DIRS = ("/var/cache/fontconfig",)
"""Where Debian keeps scanned fonts; without it every start would read 40 MB of CJK collections (about 1 s)."""

_NOTO = Path("/usr/share/fonts/truetype/noto")
_CJK = Path("/usr/share/fonts/opentype/noto")
REQUIRED: tuple[tuple[Path, str], ...] = (
    (_NOTO / "NotoSans-Regular.ttf", "fonts-noto-core"),
    (_NOTO / "NotoSans-Bold.ttf", "fonts-noto-core"),
    (_CJK / "NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
    (_CJK / "NotoSansCJK-Bold.ttc", "fonts-noto-cjk"),
    (_NOTO / "NotoNaskhArabic-Regular.ttf", "fonts-noto-core"),
    (_NOTO / "NotoNaskhArabic-Bold.ttf", "fonts-noto-core"),
    (_NOTO / "NotoSerifTibetan-Regular.ttf", "fonts-noto-core"),
    (_NOTO / "NotoSerifTibetan-Bold.ttf", "fonts-noto-core"),
    (_NOTO / "NotoSansMongolian-Regular.ttf", "fonts-noto-core"),
    (Path(MDI7.__font_file__), "fonticon-materialdesignicons7 (Python package)"),
)
"""Every file with the package that brings it."""

OPTIONAL: tuple[Path, ...] = (
    Path("/usr/share/fonts/truetype/hanazono/HanaMinA.ttf"),
    Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"),
)
"""Rare characters of names (extension B and later), where the hall has installed `fonts-hanazono`."""

_OTHER_SCRIPTS = "Noto Naskh Arabic,Noto Serif Tibetan,Noto Sans Mongolian,HanaMinA,HanaMinB,Material Design Icons"
_LATIN_FIRST = f"Noto Sans,Noto Sans CJK SC,{_OTHER_SCRIPTS}"
_CHINESE_FIRST = f"Noto Sans CJK SC,Noto Sans,{_OTHER_SCRIPTS}"
_ICONS = "Material Design Icons"
_MONO = f"Noto Sans Mono CJK SC,{_OTHER_SCRIPTS}"


def families(family: str, lang: str) -> str:
    """Font families in order of preference.

    Latin leads, or ’ in Zhuang and English would be full width and Naskh's “.” would hide inside amounts.
    Chinese itself leads with its own font: “ ” … —— · are full width there, as a Chinese reader expects.
    """
    if family == "icon":
        return _ICONS
    if family == "mono":
        return _MONO
    if family == "text" and lang.startswith("zh"):
        return _CHINESE_FIRST
    return _LATIN_FIRST


def configuration(required: tuple[tuple[Path, str], ...] = REQUIRED) -> str:
    """Fontconfig's XML that accepts exactly our files; `HallError` names the package whose files are missing."""
    missing = {package: str(path) for path, package in required if not path.is_file()}
    if missing:
        told = "; ".join(f"{path}: install {package}" for package, path in sorted(missing.items()))
        raise HallError(Reason.INTERNAL, "fonts", f"a font file is missing: {told}")
    files = [path for path, _ in required] + [path for path in OPTIONAL if path.is_file()]
    accepted = "".join(f"<glob>{escape(str(path))}</glob>" for path in files)
    folders = "".join(f"<dir>{escape(folder)}</dir>" for folder in sorted({str(path.parent) for path in files}))
    caches = "".join(f"<cachedir>{folder}</cachedir>" for folder in CACHE_DIRS)
    return (
        f'<?xml version="1.0"?><fontconfig>{folders}{caches}<cachedir prefix="xdg">fontconfig</cachedir>'
        f"<selectfont><acceptfont>{accepted}</acceptfont><rejectfont><glob>*</glob></rejectfont></selectfont>"
        "</fontconfig>"
    )


def icon(name: str) -> str:
    """Return the character of a Material Design icon, such as `ticket-confirmation`; drawn with `family="icon"`."""
    found = getattr(MDI7, name.replace("-", "_"), None)
    if not isinstance(found, str) or name.startswith("_"):
        raise HallError(Reason.MALFORMED, "icon", f"there is no icon named {name!r}; see pictogrammers.com/library/mdi")
    return found[-1]
