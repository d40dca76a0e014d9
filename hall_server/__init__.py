"""The box in the machine room: one writer per hall, its ledger, and the wire to the terminals."""
