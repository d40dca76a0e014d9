"""Readings become states, states become intervals that tile time, intervals become availability."""
