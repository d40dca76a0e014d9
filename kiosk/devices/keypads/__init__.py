"""Call keypads and evaluators: a driver is a file."""
