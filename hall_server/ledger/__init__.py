"""The ledger: the hall's append-only log of everything. The only room with SQL."""
