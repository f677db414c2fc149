"""Lesson 01: its exercises and questions."""
