"""What a hall offers and owes: items, notices, guidance, consultations, ratings, windows by the standard."""
