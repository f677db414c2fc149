"""What belongs to one lesson and to nobody else: exercises, questions, solutions."""
