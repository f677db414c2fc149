"""Features made by hand: gradients, keypoints, SIFT and matching (lesson 05).

One rule for angles everywhere in this room: they are in degrees and go from the direction of
growing columns (right) towards growing rows (down), which is clockwise on the screen.
"""
