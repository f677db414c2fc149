"""A contest of two small networks over points in the plane, where the truth is known."""
