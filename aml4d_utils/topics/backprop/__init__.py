"""Backpropagation: graphs, nudges, gradient descent (lesson 15)."""
