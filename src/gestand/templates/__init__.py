"""What a new organisation begins with."""
