"""The health of every terminal and device: what was heard, what it means, what to do now."""
