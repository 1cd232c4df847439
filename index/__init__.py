"""Articles to a searchable generation."""
