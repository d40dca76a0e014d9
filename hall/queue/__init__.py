"""The queue as it stands: tickets and their moves, who is next and why, how long it takes, what staffing it needs."""
