"""What a trained CNN has learned, made visible (lesson 08)."""
