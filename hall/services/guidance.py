"""Where to go and what holds: referrals, places nearby, answers of the day, and what the rules follow."""

from datetime import date

import msgspec

from hall.pack.guidance import Agency, Answer, Office, Referral
from hall.pack.guides import LEVELS
from hall.pack.hall_pack import HallPack
from hall.pack.tables import ServiceItem


class ReferralSlip(msgspec.Struct, frozen=True, kw_only=True):
    """转介单: what, why not here, and where instead; never a bare no."""

    title: str
    basis: str
    office: str
    address: str
    phone: str
    hours: str


def referral_for(pack: HallPack, asked: str) -> ReferralSlip | None:
    """Return the slip for what somebody asked for in their own words, None when it is not another office's matter.

    The longest word that fits decides: 工伤认定 is another office's, 工伤 is ours.
    """
    plain = "".join(asked.split())
    fits = [(len(word), row) for row in pack.directory.referrals for word in row.words if word in plain]
    return _slip(pack, max(fits, key=lambda fit: fit[0])[1]) if fits else None


def referral_of_insurance(pack: HallPack, title: str) -> ReferralSlip | None:
    """Return the slip for a kind of insurance that this hall does not handle, None for its own kinds."""
    code = next((row.referral for row in pack.insurances if row.title == title), "")
    found = next((row for row in pack.directory.referrals if row.code == code), None)
    return _slip(pack, found) if found is not None else None


def nearby(pack: HallPack, item: ServiceItem) -> tuple[Agency, ...]:
    """Return the agencies below this hall that can do the item too (可就近办理), the nearest level first."""
    if item.nearest_level is None:
        return ()
    levels = LEVELS[LEVELS.index(pack.hall.level) + 1 : LEVELS.index(item.nearest_level) + 1]
    found = (agency for agency in pack.directory.agencies if agency.level in levels)
    return tuple(sorted(found, key=lambda agency: -LEVELS.index(agency.level)))


def answers_on(pack: HallPack, day: date) -> tuple[Answer, ...]:
    """Return the answers that hold on that day; an answer is gone the day after its last."""
    told = day.isoformat()
    return tuple(
        row for row in pack.answers if row.valid_from <= told and (not row.valid_until or told <= row.valid_until)
    )


def about(pack: HallPack) -> tuple[str, ...]:
    """Return the lines of About: rule pack, standard, date, and each reference with version and status."""
    rules = pack.rules
    return (
        f"规则包 {rules.id},依据{rules.standard},{rules.dated}",
        rules.statement,
        *(f"{row.title} {row.number} {row.version} {row.status}" for row in pack.references),
    )


def _slip(pack: HallPack, row: Referral) -> ReferralSlip:
    office: Office = next(office for office in pack.directory.offices if office.code == row.office)
    return ReferralSlip(
        title=row.title,
        basis=row.basis,
        office=office.name,
        address=office.address,
        phone=office.phone,
        hours=office.hours,
    )
