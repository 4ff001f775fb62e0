"""The roof: wiring, jobs and the command line; the only place that chooses adapters or asks the time."""
