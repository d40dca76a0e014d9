"""Names for the things a hall counts. All are plain text on the wire; `NewType` keeps them apart in code.

Ids are minted outside `hall/` (UUIDv7 as 32 hex digits) and passed in.
"""

from typing import NewType

HallId = NewType("HallId", str)
TerminalId = NewType("TerminalId", str)
"""One screen of the hall, such as `K1`, `D1`, `W14`. Also the device id of its events."""
DeviceId = NewType("DeviceId", str)
"""One device of a terminal, such as `K1.slip_printer`."""
StaffId = NewType("StaffId", str)
"""工号, such as `0310`."""
WindowId = NewType("WindowId", str)
"""Window number as text without zeros, such as `14`."""
AreaId = NewType("AreaId", str)
ItemCode = NewType("ItemCode", str)
"""Service item code, such as `SI-301`."""
Series = NewType("Series", str)
"""Which queue's numbers: `A` to `H`, `Y` for priority."""
TicketLabel = NewType("TicketLabel", str)
"""What is printed and called, such as `A012`; not the identity of the ticket."""
TicketId = NewType("TicketId", str)
EventId = NewType("EventId", str)
RequestId = NewType("RequestId", str)
JobId = NewType("JobId", str)
SessionId = NewType("SessionId", str)
ProxyId = NewType("ProxyId", str)
"""One proxy enquiry (代办查询) of one session of a terminal."""
ServiceId = NewType("ServiceId", str)
"""One service of one ticket at one window: `<ticket id>/<n>`, n from 1."""
BusinessDay = NewType("BusinessDay", str)
"""A day token issued by the ledger, written like a date (`2026-11-23`); never the local midnight."""
Serial = NewType("Serial", str)
"""Statement serial, such as `QH-20261123-K2-000123`."""

SERVER = TerminalId("SERVER")
"""The device id under which the hall server mints its own events."""
