"""Lesson 04: its exercises and questions."""
