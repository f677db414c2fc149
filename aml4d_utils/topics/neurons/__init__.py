"""From one neuron to a network that reads digits (lesson 14)."""
