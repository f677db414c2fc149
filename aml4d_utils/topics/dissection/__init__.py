"""Network dissection: which unit stands for which concept, and ablation (lesson 09)."""
