"""Images as rows of numbers: flattening, dimensions, pixel classifiers (lesson 04)."""
