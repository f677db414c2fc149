"""Lesson 13: its exercises and questions."""
