"""Documents of word processors: their paragraphs become the lines of an exam's text, and go through its reader."""
