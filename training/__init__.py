"""How the model that reads replies is made; nothing of this runs in the program."""
