"""What makes vision hard: the lecture's challenges, one knob each, and what they cost."""
