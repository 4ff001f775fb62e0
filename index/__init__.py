"""What analysts search: texts and facts, apart."""
