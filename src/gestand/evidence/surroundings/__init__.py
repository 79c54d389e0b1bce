"""What stands around the program and a machine can see: the disk, the lines to other machines, the mail domain."""
