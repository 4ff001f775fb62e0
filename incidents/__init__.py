"""A pure fold per area: posts become groups, groups become incidents that open, grow and close."""
