"""One room a topic: its algorithms, figures, explorers and widgets."""
