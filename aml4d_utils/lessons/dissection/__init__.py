"""Lesson 09: its exercises and questions."""
