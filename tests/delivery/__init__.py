"""What is handed to others: the wheel, the source, the image."""
