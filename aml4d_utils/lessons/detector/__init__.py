"""Lesson 03: its exercises and questions."""
