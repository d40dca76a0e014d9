"""Pictures of the virtual printer: raster bits, stored graphics and its own QR codes."""

import qrcode
from PIL import Image
from qrcode.exceptions import DataOverflowError

ROWS_MAX = 4_096
QR_BYTES_MAX = 1_024
_LEVELS = {
    48: qrcode.ERROR_CORRECT_L,
    49: qrcode.ERROR_CORRECT_M,
    50: qrcode.ERROR_CORRECT_Q,
    51: qrcode.ERROR_CORRECT_H,
}

Made = Image.Image | str | None
"""A picture to print, a complaint, or nothing yet."""


class Graphics:
    """Takes GS v 0, GS ( L, GS 8 L and GS ( k; keeps one stored picture and one QR text."""

    def __init__(self, width_dots: int) -> None:
        self._width_dots = width_dots
        self._stored: Image.Image | None = None
        self._qr_text = b""
        self._qr_module = 3
        self._qr_level = 48

    def take(self, name: str, parameters: bytes) -> Made:
        """Do one command."""
        if name == "GS v":
            across = parameters[2] | parameters[3] << 8
            rows = parameters[4] | parameters[5] << 8
            if parameters[0] not in (0, 48) or parameters[1] % 48 > 3:  # noqa: PLR2004 m is 0-3 or 48-51
                return "GS v with an unknown mode"
            return self._bits(parameters[6:], across * 8, rows, parameters[1])
        if name == "GS 8" or parameters[:1] == b"L":
            return self._graphics(parameters[5:] if name == "GS 8" else parameters[3:])
        if parameters[:1] == b"k":
            return self._symbol(parameters[3:])
        return f"GS ( {parameters[:1].hex()} is not done by this printer"

    def _bits(self, data: bytes, width: int, rows: int, enlarge: int = 0) -> Made:
        if not 0 < rows <= ROWS_MAX or not width > 0 or len(data) != (width + 7) // 8 * rows:
            return f"raster of {width} x {rows} with {len(data)} bytes"
        if width > self._width_dots + 7:
            return f"raster of {width} dots is wider than the paper"
        picture = Image.frombytes("1", (width, rows), data).convert("L")
        return picture.resize((width * (1 + (enlarge & 1)), rows * (1 + (enlarge >> 1 & 1))), Image.Resampling.NEAREST)

    def _graphics(self, body: bytes) -> Made:
        function = body[1] if len(body) > 1 else 0
        if function in (112, 48 + 64) and len(body) >= 10:  # noqa: PLR2004 m fn a bx by c xL xH yL yH
            width, rows = body[6] | body[7] << 8, body[8] | body[9] << 8
            made = self._bits(body[10:], width, rows, (body[3] - 1) | (body[4] - 1) << 1)
            if isinstance(made, Image.Image):
                self._stored = made
                return None
            return made
        if function in (2, 50):
            printed, self._stored = self._stored, None
            return printed if printed is not None else "nothing stored to print"
        return f"graphics function {function} is not done by this printer"

    def _symbol(self, body: bytes) -> Made:
        if len(body) < 3 or body[0] != 49:  # noqa: PLR2004 cn 49 is QR
            return "a symbol other than QR"
        function, value = body[1], body[2]
        match function:
            case 65:
                return None
            case 67:
                self._qr_module = max(1, min(value, 16))
            case 69 if value in _LEVELS:
                self._qr_level = value
            case 80 if len(body) - 3 <= QR_BYTES_MAX:
                self._qr_text = body[3:]
            case 81:
                return self._qr()
            case _:
                return f"QR function {function} with {value}"
        return None

    def _qr(self) -> Made:
        if not self._qr_text:
            return "no QR text stored"
        code = qrcode.QRCode(error_correction=_LEVELS[self._qr_level], border=0)
        code.add_data(self._qr_text)
        try:
            matrix = code.get_matrix()
        except (DataOverflowError, ValueError):
            return "QR text too long"
        side = len(matrix) * self._qr_module
        if side > self._width_dots:
            return "QR code wider than the paper"
        picture = Image.new("L", (len(matrix), len(matrix)))
        picture.putdata([255 if dark else 0 for row in matrix for dark in row])
        return picture.resize((side, side), Image.Resampling.NEAREST)
