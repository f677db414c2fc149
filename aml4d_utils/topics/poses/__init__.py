"""Strange poses: things in 3-D turned every way, and what networks make of them."""
