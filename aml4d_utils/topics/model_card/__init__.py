"""A model, what was measured about it, and the card that says so."""
