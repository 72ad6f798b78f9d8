"""The kinds of what is appended to a case beside its forms (`note.kind`, and the kind of its entry in the access chain)."""

NOTA = "nota"
OBSERVACION = "observacion"  # of whoever reviews
RECORDATORIO = "recordatorio"  # of whoever coordinates, to who holds a task
