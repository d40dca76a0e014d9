"""The console as the visit reads it: pages as people see them, and the figures behind them."""

from dataclasses import dataclass

from deploy.virtual_hall.configuration import Site


@dataclass(frozen=True, slots=True)
class Console:
    """Talks to the hall server's console with its token."""

    site: Site
