"""What a network forgives: shifts, turns, sizes, viewpoints (lesson 10)."""
