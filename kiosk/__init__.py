"""The box on the floor: one program, a role per screen."""
