"""The detectors before CNNs side by side: comparison and exercises (lesson 06)."""
