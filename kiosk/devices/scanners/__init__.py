"""Barcode and QR scanners: a driver is a file."""
