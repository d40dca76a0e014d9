"""Wire-level simulators of every device, and the bench that hosts them. Refused by a production configuration."""
