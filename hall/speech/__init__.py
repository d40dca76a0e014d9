"""Polite words: the phrase library, the lint of every text, and how a call is spoken."""
