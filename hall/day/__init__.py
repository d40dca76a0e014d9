"""A day of the hall: commands decided, events applied, the board it shows. `decisions` is the door."""
