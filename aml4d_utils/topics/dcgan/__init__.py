"""Two small convolutional networks that compete over pictures of garments."""
