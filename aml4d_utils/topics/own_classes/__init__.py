"""Classes of one's own, taught with a handful of photos."""
