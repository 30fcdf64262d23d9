"""Uploads: files become previews, and what is ticked of them comes into a bank."""
