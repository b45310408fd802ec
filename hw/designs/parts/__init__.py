"""Parameters that several designs share."""
