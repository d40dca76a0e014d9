"""Where personal records come from. Reads only, on their own threads; nothing here is ever stored."""
