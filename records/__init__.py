"""The business data of the procedure: tables, pure rules, functions on a session, ports. No engine,
no Flask."""
