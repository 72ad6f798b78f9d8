"""What is refused. `check.check` runs the families, `rules.RULES` lists the rules; a rule is a
constant beside its check.

Families: schema (XSD) · contents (the file, its ids) · references · resources · collaboration ·
conversations · choreography drawing · data · standard (what BPMN says of flows, gateways and
events) · flows · events · tasks · variables · values · kinds · tables `deadlock` plays what may
happen.
"""
