"""Pictures: curves and slopes, fitted models. Matplotlib is imported where it is used."""
