"""How many consulting windows a hall must have (standard 4.2), against what it has and what is open now.

Every started 200,000 or 150,000 insured persons need one more window (decision D-01); exactly one million residents
still count as a small city (D-02). Below county level the standard asks for none.
"""

from datetime import date

import msgspec

from hall.pack.guidance import Rules
from hall.pack.hall_pack import HallPack
from hall.pack.tables import HallFacts, Level

CLAUSE = "《社会保险咨询服务规范》(征求意见稿)4.2"
COUNTY_AND_ABOVE: tuple[Level, ...] = ("province", "city", "county")


class WindowPlanCheck(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation with its inputs and its day, so that it can be shown again years later."""

    day: date
    level: Level
    urban_population: int
    insured_count: int
    counted_on: str
    required: int
    configured: int
    open_now: int

    @property
    def complies(self) -> bool:
        """Tell whether enough consulting windows are set up, open or not."""
        return self.configured >= self.required

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what the panel says."""
        if not self.complies:
            short = self.required - self.configured
            return (f"配置未达标: 应设{self.required}个咨询服务窗口,尚缺{short}个({CLAUSE})",)
        if self.open_now < self.required:
            return ("配置达标", f"当前开放不足: 应开{self.required}个,已开{self.open_now}个")
        return ("配置达标", "当前开放充足")


def required(rules: Rules, hall: HallFacts) -> int:
    """Return the least number of consulting windows for a hall of this level and size."""
    if hall.level not in COUNTY_AND_ABOVE:
        return 0
    big = hall.urban_population > rules.big_city_over
    each = rules.insured_per_window_big if big else rules.insured_per_window
    return max(1, -(-hall.insured_count // each))


def check(pack: HallPack, open_windows: frozenset[str], today: date) -> WindowPlanCheck:
    """Return the evaluation of a pack; `open_windows` are those at which somebody is signed in now."""
    consulting = {window.number for window in pack.windows if window.kind == "consulting"}
    return WindowPlanCheck(
        day=today,
        level=pack.hall.level,
        urban_population=pack.hall.urban_population,
        insured_count=pack.hall.insured_count,
        counted_on=pack.hall.counted_on,
        required=required(pack.rules, pack.hall),
        configured=len(consulting),
        open_now=len(consulting & open_windows),
    )
