"""Faces of nobody: latent numbers, traits, and which face is real."""
