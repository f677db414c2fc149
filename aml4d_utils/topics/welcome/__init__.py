"""Lesson 00: is the course healthy, and what an explorer and an exercise are."""
