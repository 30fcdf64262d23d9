"""Courses: their lessons, and places in them."""
