"""inpaintgui: content-aware fill that searches a GAN's latent space."""

__version__ = "0.1.0"
