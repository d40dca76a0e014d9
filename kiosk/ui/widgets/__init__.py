"""The design kit: what screens are composed of. No Kivy here: pictures are data and can be judged without a window."""
