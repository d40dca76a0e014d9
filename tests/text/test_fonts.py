from pathlib import Path

import pytest

from hall.errors import HallError
from kiosk.text import fonts


def test_a_missing_font_names_the_package_to_install() -> None:
    with pytest.raises(HallError, match="install fonts-noto-cjk"):
        fonts.configuration(((Path("/nowhere/NotoSansCJK-Regular.ttc"), "fonts-noto-cjk"),))


def test_an_unknown_icon_is_refused_by_name() -> None:
    with pytest.raises(HallError, match="tiket"):
        fonts.icon("tiket")


def test_only_named_files_are_accepted() -> None:
    told = fonts.configuration()
    assert "<rejectfont><glob>*</glob></rejectfont>" in told
    assert "DejaVu" not in told


def test_latin_leads_everywhere_but_in_chinese() -> None:
    assert fonts.families("text", "za").startswith("Noto Sans,")
    assert fonts.families("text", "zh-cn").startswith("Noto Sans CJK SC,")
    assert fonts.families("digits", "zh-cn").startswith("Noto Sans,")
