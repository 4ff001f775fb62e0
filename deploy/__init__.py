"""What it takes to run the desk on machines: engines for one machine, and what operators deploy."""
