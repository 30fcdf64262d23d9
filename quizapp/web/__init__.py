"""What every page shares: errors, languages, forms, controls and the templates' environment."""
