"""What `answerable check` looks at: the settings, the files beside them, the machine, the services."""
