"""Rectangles in logical pixels, origin at the top left, cut into smaller ones."""

from typing import NamedTuple


class Box(NamedTuple):
    """x, y of the top-left corner, width and height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The x just outside."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The y just below."""
        return self.y + self.h

    def inset(self, across: float, down: float | None = None) -> "Box":
        """Return the box less a margin on every side."""
        down = across if down is None else down
        return Box(self.x + across, self.y + down, max(1.0, self.w - 2 * across), max(1.0, self.h - 2 * down))

    def top(self, h: float, gap: float = 0.0) -> tuple["Box", "Box"]:
        """Cut `h` off the top; return it and what is below the gap."""
        return Box(self.x, self.y, self.w, h), Box(self.x, self.y + h + gap, self.w, max(1.0, self.h - h - gap))

    def foot(self, h: float, gap: float = 0.0) -> tuple["Box", "Box"]:
        """Cut `h` off the bottom; return it and what is above the gap."""
        return Box(self.x, self.bottom - h, self.w, h), Box(self.x, self.y, self.w, max(1.0, self.h - h - gap))

    def left(self, w: float, gap: float = 0.0) -> tuple["Box", "Box"]:
        """Cut `w` off the left; return it and what is right of the gap."""
        return Box(self.x, self.y, w, self.h), Box(self.x + w + gap, self.y, max(1.0, self.w - w - gap), self.h)

    def far(self, w: float, gap: float = 0.0) -> tuple["Box", "Box"]:
        """Cut `w` off the right; return it and what is left of the gap."""
        return Box(self.right - w, self.y, w, self.h), Box(self.x, self.y, max(1.0, self.w - w - gap), self.h)

    def columns(self, count: int, gap: float) -> list["Box"]:
        """Cut into `count` equal columns."""
        w = (self.w - gap * (count - 1)) / count
        return [Box(self.x + (w + gap) * i, self.y, w, self.h) for i in range(count)]

    def rows(self, count: int, gap: float) -> list["Box"]:
        """Cut into `count` equal rows."""
        h = (self.h - gap * (count - 1)) / count
        return [Box(self.x, self.y + (h + gap) * i, self.w, h) for i in range(count)]

    def middle(self, w: float, h: float) -> "Box":
        """Return a box of this size in the middle."""
        return Box(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether the point is inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meets(self, other: "Box", apart: float = 0.0) -> bool:
        """Tell whether the boxes are nearer than `apart` (0: whether they overlap)."""
        return (
            self.x < other.right + apart
            and other.x < self.right + apart
            and self.y < other.bottom + apart
            and other.y < self.bottom + apart
        )
