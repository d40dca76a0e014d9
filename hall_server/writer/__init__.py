"""The single writer of a hall: decides, applies, commits once for many, and only then answers."""
