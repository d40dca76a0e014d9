"""What a record source must offer, whatever stands behind it."""

from dataclasses import dataclass, field
from typing import Protocol

from hall.errors import Reason
from hall.people.holders import Holder
from hall.statements.forms import Certificate, PensionPayments, RightsRecord
from hall.statements.sheets import ContributionLine


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What a source tells about one person for one form and year. Personal: lives in memory for one answer."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    social_number: str = field(repr=False)
    agency: str
    as_of: str
    """Date to which the source's data run, `YYYY-MM-DD`."""
    period: str
    lines: tuple[ContributionLine, ...] = field(repr=False)
    certificate: Certificate | None = field(default=None, repr=False)
    rights: RightsRecord | None = field(default=None, repr=False)
    pension: PensionPayments | None = field(default=None, repr=False)


class RecordSource(Protocol):
    """One source of records. `fetch` may be slow and is called on a thread of its own."""

    def fetch(self, form: str, year: int, holder: Holder) -> PersonRecord | Reason:
        """Return the record, or UNKNOWN_PERSON, UNKNOWN_FORM, SOURCE_AWAY or SOURCE_STALE. Never raises for these."""
