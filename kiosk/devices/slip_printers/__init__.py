"""Drivers of receipt printers (`kiosk.ports.SlipPrinter`); a driver's file name is its name in the settings."""
