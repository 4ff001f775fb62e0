"""From a public page to posts; everything personal ends at the border."""
