"""A detector opened to its cells, and the conditions under which it fails (lesson 03)."""
