"""What runs chunks of towns: here, in processes of this machine, or on a scheduler."""
