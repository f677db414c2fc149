"""How any topic judges: intervals and shares."""
