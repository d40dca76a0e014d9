"""The computer itself as a device: a driver is a file."""
