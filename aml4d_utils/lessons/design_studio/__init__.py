"""What belongs to the lesson on the design studio."""
