"""When it goes wrong: contain, assess, the 72-hour clock, notices, register."""
