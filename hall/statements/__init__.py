"""Official statements as data: forms, sheets with checked totals, serials."""
