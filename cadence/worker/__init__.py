"""What runs by itself: the loops of an embedded installation and the queue workers."""
