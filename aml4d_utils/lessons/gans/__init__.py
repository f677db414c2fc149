"""Lesson 12: its exercises and questions."""
