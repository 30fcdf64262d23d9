"""Pure rules: numbers and plain data in, numbers and plain data out."""
