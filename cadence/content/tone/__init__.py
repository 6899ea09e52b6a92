"""Decides whether words could hurt what a salesperson wants to keep: the goodwill of someone who said no."""
