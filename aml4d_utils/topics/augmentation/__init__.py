"""More examples from the same ones: augmentation, mixing, attacks, and their use (lesson 10)."""
