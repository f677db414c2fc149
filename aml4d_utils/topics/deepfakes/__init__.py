"""Faces of nobody, swapped; and a net that looks for fakes."""
