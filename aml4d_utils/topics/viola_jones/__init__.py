"""Viola and Jones' face detector: integral image, Haar features, AdaBoost, cascade (lesson 06)."""
