"""Precision, recall and average precision of a detector, and what they depend on (lesson 03)."""
