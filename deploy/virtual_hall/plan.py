"""What stands in the virtual hall and where its windows go. Facts of the sample hall: `deploy/packs/qinghe`."""

from dataclasses import dataclass, field, replace

BAR_ADDRESSES = (7, 14)
"""RS-485 addresses of the LED bars: each is its window's number."""


MACHINE = "machine"
"""The only device of the plan that is not on the bench: it is the computer itself."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """One screen of the virtual hall; sizes in logical pixels and millimetres of the panel it stands for."""

    name: str
    role: str
    title: str
    size_px: tuple[int, int]
    width_mm: float
    window: str | None = None
    devices: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    """What the hall has besides when people play in it; the visit, which is timed, does without."""
    place: tuple[float, float, float] = (0.0, 0.0, 1.0)
    """Left, top, scale on a laptop screen of `LAPTOP_PX`."""


LAPTOP_PX = (1366, 768)

SELF_SERVICE = (1080, 1920)
LANDSCAPE = (1920, 1080)
PANEL = (1280, 800)
RATING = (1024, 600)

TERMINALS = (
    Terminal(
        name="K1",
        role="self_service",
        title="self-service terminal",
        size_px=SELF_SERVICE,
        width_mm=336.0,
        devices=("id_reader", "card_reader", "slip_printer", "scanner", "machine"),
        extras=("sheet_printer", "speaker"),
        place=(0, 0, 0.38),
    ),
    Terminal(
        name="D1",
        role="guide_desk",
        title="guide desk",
        size_px=LANDSCAPE,
        width_mm=527.0,
        devices=("slip_printer",),
        place=(416, 0, 0.245),
    ),
    Terminal(
        name="S1",
        role="hall_display",
        title="hall display",
        size_px=LANDSCAPE,
        width_mm=1210.0,
        devices=("led_bars", "speaker"),
        place=(892, 0, 0.245),
    ),
    Terminal(
        name="W07",
        role="window_panel",
        title="window panel 7",
        size_px=PANEL,
        width_mm=261.0,
        window="7",
        place=(416, 300, 0.37),
    ),
    Terminal(
        name="W14",
        role="window_panel",
        title="window panel 14",
        size_px=PANEL,
        width_mm=261.0,
        window="14",
        devices=("keypad",),
        place=(892, 300, 0.37),
    ),
    Terminal(
        name="R14",
        role="rating_screen",
        title="rating screen of window 14",
        size_px=RATING,
        width_mm=223.0,
        window="14",
        place=(892, 622, 0.22),
    ),
)

GUIDE = "0101"
CLERKS = {"7": "0303", "14": "0310"}
"""Who signs in where in the visit; everybody of the sample hall who works at these screens gets a PIN."""
STAFF_WITH_PINS = ("0001", "0101", "0102", "0303", "0310")


@dataclass(frozen=True, slots=True)
class Placed:
    """A terminal with its window's place on the display."""

    terminal: Terminal
    left: int
    top: int
    scale: float


@dataclass(frozen=True, slots=True)
class Layout:
    """All windows and the display they need."""

    width_px: int
    height_px: int
    windows: tuple[Placed, ...] = field(default=())


def tiled(width_px: int, height_px: int) -> Layout:
    """Fit all windows onto one display, as on a laptop."""
    factor = min(width_px / LAPTOP_PX[0], height_px / LAPTOP_PX[1])
    windows = []
    for terminal in TERMINALS:
        left, top, scale = terminal.place
        windows.append(Placed(terminal, round(left * factor), round(top * factor), round(scale * factor, 3)))
    return Layout(width_px, height_px, tuple(windows))


def side_by_side() -> Layout:
    """Give every window its full size on one large virtual display: portrait ones in a row, the others in two rows."""
    placed: list[Placed] = []
    left = 0
    for terminal in (t for t in TERMINALS if t.size_px[1] > t.size_px[0]):
        placed.append(Placed(terminal, left, 0, 1.0))
        left += terminal.size_px[0]
    rows = [(0, LANDSCAPE[1]), (LANDSCAPE[1], PANEL[1])]
    widths = [left, left]
    for terminal in (t for t in TERMINALS if t.size_px[1] <= t.size_px[0]):
        row = 0 if terminal.size_px[1] > PANEL[1] else 1
        placed.append(Placed(terminal, widths[row], rows[row][0], 1.0))
        widths[row] += terminal.size_px[0]
    return Layout(max(widths), max(SELF_SERVICE[1], rows[1][0] + rows[1][1]), tuple(placed))


def only(layout: Layout, names: set[str]) -> Layout:
    """Return the layout with some of its terminals."""
    return replace(layout, windows=tuple(placed for placed in layout.windows if placed.terminal.name in names))
