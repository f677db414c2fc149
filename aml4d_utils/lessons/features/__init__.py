"""Lesson 05: its exercises and questions."""
