"""How one cell or one unit answers to bars and gratings, and how the layers of a network differ."""
