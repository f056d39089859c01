"""What a tensor is made of: its number type, its shape, its device, its layout."""
