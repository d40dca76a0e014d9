"""What a terminal tells of an item at once (一次性告知): everything the hall tells, made from the pack, for anybody."""

import msgspec


class NoticeShown(msgspec.Struct, frozen=True, kw_only=True):
    """The notice of one item, ready to be shown and printed. It names no resident and asks for no identity."""

    version: str
    """The same version says the same; a changed item has another one."""
    limit: str
    """Promise and legal limit, such as `承诺15个工作日(法定20个工作日)`."""
    rooms: tuple[str, ...]
    handlers: tuple[str, ...]
    """Name and staff number of those who work at its windows, such as `张敏(0303)`."""
    materials: tuple[str, ...]
    """As they are printed: what the hall looks up itself is marked (可免提交)."""
    steps: tuple[str, ...]
    basis: str
    fee: str
    delivery: str
    elements: tuple[tuple[str, str], ...]
    """The eleven elements of the disclosure list (公开标准目录), heading and text, in its order."""
    nearby: tuple[tuple[str, str, str], ...] = ()
    """可就近办理: name, address, phone of places that can do it too, the nearest level first."""
    question: str = ""
    """An item of choice asks this before a number is taken: its fee first, then whether they want it."""
