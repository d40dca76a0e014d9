"""One month of somebody's contributions, as a record source tells it. Money is integer fen, months are `YYYY-MM`."""

import msgspec


class ContributionLine(msgspec.Struct, frozen=True, kw_only=True):
    """One month of 缴费明细. `month` is `YYYY-MM`; amounts in fen."""

    month: str
    insurance: str
    unit: str
    base_fen: int
    unit_fen: int
    person_fen: int
    credited_month: str
    state: str
    """正常, 补缴, 未到账 or 未缴."""

    def __repr__(self) -> str:
        """Say nothing of the person, wherever this is printed."""
        return "ContributionLine(…)"
