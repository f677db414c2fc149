"""Films that nobody filmed: a walk through a generator, a flight around a thing."""
