"""Working days of the official calendar, the limits that run in them, and where in its day the hall stands."""
