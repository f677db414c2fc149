"""Lesson 02: its exercises and questions."""
