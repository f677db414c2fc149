"""Convolution: kernels, feature maps and the networks made of them (lesson 07)."""
