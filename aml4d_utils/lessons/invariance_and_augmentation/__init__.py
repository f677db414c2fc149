"""Lesson 10: its exercises and questions."""
