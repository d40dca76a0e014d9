"""What makes the ledger believable and private: its chain, its seals, its sealed fields."""
