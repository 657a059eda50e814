"""The commands of the command line, a module each; none is imported before it is called."""
