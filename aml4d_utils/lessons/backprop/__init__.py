"""Lesson 15: its exercises and questions."""
