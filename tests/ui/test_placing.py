"""Words keep their lines at every scale of the window: what stood in one line does not break into two."""

import pytest

from kiosk.text import Style, TextEngine
from kiosk.ui.widgets.placing import scaled

SCALES = (0.5, 0.57, 0.71, 0.75, 0.89, 1.0, 1.25)
WORDS = ("代他人查询", "按住查看", "开门检查", "今日收尾", "请到自助终端或导引台再排一次", "Print the notice")


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("em", [32.0, 40.0, 44.0, 52.0])
def test_one_line_stays_one_line_at_every_scale(engine: TextEngine, em: float, scale: float) -> None:
    for text in WORDS:
        free = Style(em, bold=True, lang="zh")
        wide, line = engine.measure(text, free)
        wrapped = Style(em, bold=True, lang="zh", width_px=wide + 2)
        assert engine.measure(text, wrapped)[1] == line
        assert engine.measure(text, scaled(wrapped, scale))[1] == engine.measure(text, scaled(free, scale))[1], text
