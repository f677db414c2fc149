"""Lesson 00: its exercises and questions."""
