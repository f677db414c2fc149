"""Deformable part models on HOG: root, parts, springs, distance transform (lesson 06)."""
