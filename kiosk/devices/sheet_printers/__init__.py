"""A4 printers: a driver is a file."""
