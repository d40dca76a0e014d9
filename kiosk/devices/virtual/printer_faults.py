"""What is wrong with the virtual printer, and how it says so in each of its three ways (Epson reference)."""

from dataclasses import dataclass


@dataclass(slots=True)
class Faults:
    """Sensors of the machine; all false when it is well."""

    paper_end: bool = False
    near_end: bool = False
    cover_open: bool = False
    jammed: bool = False
    """Something is between the blades; the error comes at the next cut."""
    cutter_error: bool = False
    rows_left: int | None = None
    """The paper ends after so many rows; None: not soon."""

    @property
    def offline(self) -> bool:
        """Tell whether the printer stands still."""
        return self.paper_end or self.cover_open or self.cutter_error

    def real_time(self, query: int) -> bytes:
        """Answer DLE EOT 1 to 4; nothing for others."""
        match query:
            case 1:
                bits = 0x08 * self.offline
            case 2:
                bits = 0x04 * self.cover_open | 0x20 * self.paper_end | 0x40 * self.cutter_error
            case 3:
                bits = 0x08 * self.cutter_error
            case 4:
                bits = 0x0C * (self.near_end or self.paper_end) | 0x60 * self.paper_end
            case _:
                return b""
        return bytes((0x12 | bits,))

    def queued(self, query: int) -> bytes:
        """Answer GS r 1 (paper) or 2 (drawer)."""
        return bytes((self._paper() if query % 48 == 1 else 0,))

    def automatic(self) -> bytes:
        """Give the four bytes of GS a."""
        first = 0x10 | 0x08 * self.offline | 0x20 * self.cover_open
        return bytes((first, 0x08 * self.cutter_error, self._paper(), 0))

    def _paper(self) -> int:
        return 0x03 * (self.near_end or self.paper_end) | 0x0C * self.paper_end
