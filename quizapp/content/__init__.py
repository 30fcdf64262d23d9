"""Content: courses as folders of files, and their loading."""
