"""Makes the model folder that the server loads. Build time only: not in the image."""
