"""Lesson 08: its exercises and questions."""
