"""Texts of authors: Markdown and HTML become safe pages, formulas become MathML. Pure."""
