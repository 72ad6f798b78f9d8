"""Commands of the shell (`flask …`): one module each; app.py registers them."""
