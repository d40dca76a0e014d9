"""What a virtual printer was built with; everything beyond it is complained about, as a real one would misprint it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Model:
    """By default a Chinese 80 mm printer that can do everything we know."""

    chinese: Literal["gbk", "gb2312", "none"] = "gbk"
    """Characters of its Chinese font."""
    chinese_at_start: bool = True
    """Models for other markets wait for FS &."""
    native_qr: bool = True
    rasters: frozenset[str] = frozenset({"gs_v_0", "gs_paren_l"})
    cutter: Literal["both", "partial", "full", "none"] = "both"
    process_ids: bool = True
    """Answers GS ( H; most clones do not."""
    reports_changes: bool = True
    """Knows GS a (automatic status)."""
    maker: str = "DAOYIN"
    name: str = "VIRTUAL-80"
    serial_number: str = "0001"
    vertical_units_per_inch: int = 203
    """What ESC J and ESC 3 count without GS P: dots here, halves of dots on some."""

    def about(self, number: int) -> bytes:
        """Answer GS I: maker, model, serial number; one byte for other numbers."""
        told = {66: self.maker, 67: self.name, 68: self.serial_number}.get(number)
        return b"\x20" if told is None else b"_" + told.encode() + b"\0"
