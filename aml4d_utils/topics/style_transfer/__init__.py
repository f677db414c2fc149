"""Give a photo the manner of a painting: slowly, by comparing features, or in one pass."""
