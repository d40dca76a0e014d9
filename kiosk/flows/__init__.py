"""What happens, without pixels: each flow is `advance(step, happened) -> (step, effects)`, pure.

Inputs that do not fit a step change nothing, so a double tap is harmless by construction.
"""
