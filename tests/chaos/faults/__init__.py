"""How each fault is made, by kind."""
