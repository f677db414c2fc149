"""Which units of a network prefer faces, and what one must show before saying so."""
