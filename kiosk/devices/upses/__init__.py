"""Uninterruptible power supplies: a driver is a file."""
