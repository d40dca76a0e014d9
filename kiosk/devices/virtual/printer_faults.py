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
    mechanical: bool = False
    """Some other error that the host may end by DLE ENQ."""
    overheated: bool = False
    """The head is hot; it goes on by itself when it has cooled."""
    near_end_rows: int = 0
    """The near-end sensor trips when so many rows are left."""
    rows_left: int | None = None
    """The paper ends after so many rows; None: not soon."""

    @property
    def offline(self) -> bool:
        """Tell whether the printer stands still."""
        return self.paper_end or self.cover_open or self.error

    @property
    def error(self) -> bool:
        """Tell whether something is wrong that is neither paper nor cover."""
        return self.cutter_error or self.mechanical or self.overheated

    @property
    def host_may_resume(self) -> bool:
        """Tell whether DLE ENQ does anything now."""
        return self.cutter_error or self.mechanical

    def real_time(self, query: int) -> bytes:
        """Answer DLE EOT 1 to 4; nothing for others."""
        match query:
            case 1:
                bits = 0x08 * self.offline
            case 2:
                bits = 0x04 * self.cover_open | 0x20 * self.paper_end | 0x40 * self.error
            case 3:
                bits = self._causes()
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
        return bytes((first, self._causes(), self._paper(), 0))

    def _causes(self) -> int:
        """Error bits, the same in DLE EOT 3 and in the second automatic byte."""
        return 0x04 * self.mechanical | 0x08 * self.cutter_error | 0x40 * self.overheated

    def _paper(self) -> int:
        return 0x03 * (self.near_end or self.paper_end) | 0x0C * self.paper_end
