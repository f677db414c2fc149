"""How a contest of two networks stands: distance, diversity, copies, and a verdict in words."""
