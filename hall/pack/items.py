"""What must hold of a hall's service items: the five facts, the legal basis of each material, days that fit."""

from hall.pack.days import refuse
from hall.pack.reading import Files
from hall.pack.tables import MaterialKind, ServiceItem

GUIDE_PARTS = {
    "summary": "经办内容",
    "ways": "办理方式",
    "steps": "经办规程",
    "legal_basis": "服务规则",
    "delivery": "其他信息(结果送达)",
    "fee": "其他信息(收费)",
    "fee_basis": "其他信息(收费依据)",
    "category": "业务类别",
}
"""Parts without which an item is not published (standard 6.2, disclosure list), by key."""
MAX_STEPS = 12


def check_service_item(files: Files, item: ServiceItem) -> None:
    """Refuse an item that lacks a part of its guide, one of the five facts, a basis, or days that fit the promise."""
    where = f"items.toml:{item.code}"
    for key, part in GUIDE_PARTS.items():
        if not getattr(item, key):
            raise refuse(f"{where}.{key}", f"{part} is a mandatory part and must not be empty")
    if not any(set(item.windows) & set(member.windows) for member in files.staff.staff):
        raise refuse(f"{where}.windows", "no member of staff (经办人员) works at any of its windows")
    for material in item.materials:
        if not material.name:
            raise refuse(f"{where}.materials", "each material needs its name")
        if not material.identity and not material.basis:
            raise refuse(f"{where}.materials", f"{material.name!r} needs a legal `basis`; only identity papers do not")
        if material.identity and material.kind is not MaterialKind.REQUIRED:
            raise refuse(f"{where}.materials", f"{material.name!r}: an identity paper is always shown")
    _check_days(item)


def _check_days(item: ServiceItem) -> None:
    where = f"items.toml:{item.code}"
    if item.promised_days < 0 or (item.promised_days == 0 and not item.promised_note):
        raise refuse(f"{where}.promised_days", "must be 1 or more, or 0 with a promised_note")
    if item.legal_days is not None and item.promised_days > item.legal_days:
        raise refuse(f"{where}.promised_days", f"is over the legal limit of {item.legal_days}")
    if len(item.steps) > MAX_STEPS or any(step.days < 0 or not step.title for step in item.steps):
        raise refuse(f"{where}.steps", f"at most {MAX_STEPS} steps, each with a title and 0 or more days")
    total = sum(step.days for step in item.steps)
    if total != item.promised_days:
        raise refuse(f"{where}.steps", f"sum to {total} working days, the promise is {item.promised_days}")
