"""The sheets that came out of the virtual A4 printer: each page of a PDF as a picture, drawn in memory."""

import json

import typst

MAX_PAGES = 60
DOTS_PER_INCH = 96
"""794 dots across: enough to read on the bench; fewer cut the foot's small print."""
SOURCE = b"""#set page(paper: "a4", margin: 0mm)
#image(bytes(json(bytes(sys.inputs.job))), format: "pdf", page: int(sys.inputs.page), width: 100%, height: 100%)
"""
PDF_HEAD = b"%PDF-"


class UnprintableError(ValueError):
    """These bytes are no PDF that a printer can print."""


def pages(pdf: bytes, dots_per_inch: float = DOTS_PER_INCH) -> tuple[bytes, ...]:
    """Return every page as PNG, or raise `UnprintableError`."""
    if not pdf.startswith(PDF_HEAD):
        raise UnprintableError("no PDF")
    data = json.dumps(list(pdf))
    found: list[bytes] = []
    while len(found) < MAX_PAGES:
        inputs = {"job": data, "page": str(len(found) + 1)}
        try:
            drawn = typst.Compiler(ignore_system_fonts=True, sys_inputs=inputs).compile(
                SOURCE, format="png", ppi=dots_per_inch
            )
        except typst.TypstError as error:
            if found:
                return tuple(found)  # there is no such page
            raise UnprintableError("a PDF that cannot be drawn") from error
        found += [page for page in (drawn if isinstance(drawn, list) else [drawn]) if page is not None]
    return tuple(found)
