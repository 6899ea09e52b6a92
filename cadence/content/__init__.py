"""What authors write: sequence folders, templates and stories, read, checked and rendered."""
