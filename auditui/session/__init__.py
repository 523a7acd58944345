"""What the user is doing, without Textual."""
