"""Histograms of oriented gradients, from the inside out (lesson 05).

Angles follow the rule of `aml4d_utils.topics.features`: in degrees, clockwise on the screen.
"""
