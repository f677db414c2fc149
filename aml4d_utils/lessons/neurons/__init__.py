"""Lesson 14: its exercises and questions."""
