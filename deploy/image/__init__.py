"""Programs that stand in the image beside the product."""
