"""The kinds of what is appended to a case beside its forms (`note.kind`, and the kind of its entry
in the access chain)."""

NOTA = "nota"
OBSERVACION = "observacion"  # of whoever reviews
ANULACION = "anulacion"  # of the number of a case: asked for, or decided
ENLACE = "enlace"  # a case linked with another one, or the link taken away
PRORROGA = "prorroga"  # of the legal term: asked for, or refused
RECORDATORIO = "recordatorio"  # of whoever coordinates, to who holds a task

#: Their reason is a note, so that the chain has its hash; the history tells them by their own rows.
DE_ACTOS = frozenset({ANULACION, ENLACE, PRORROGA})
