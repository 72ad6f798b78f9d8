"""What service tasks do: one module or folder per outside system; each has `register(handlers,
…ports)`."""
