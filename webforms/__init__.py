"""Flask: blueprints by audience, forms by lane, accounts, templates. Knows engine and records,
never handlers."""
