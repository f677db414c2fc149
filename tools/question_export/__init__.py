"""The parts of export_questions.py: gather questions, write them for a learning platform."""
