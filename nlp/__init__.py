"""From text to Analysis: one module a part, batch first, no I/O but model files."""
