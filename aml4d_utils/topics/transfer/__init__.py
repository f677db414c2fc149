"""What a trained network brings to another task, and how far."""
