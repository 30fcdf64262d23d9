"""The front of a worker: one loop speaks with all clients, and threads only run the application."""
