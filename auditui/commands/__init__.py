"""The commands beside the explorer, a file each: its options, and what it does."""
