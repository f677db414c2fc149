"""Make a picture four times larger, and find out which of its detail is invented."""
