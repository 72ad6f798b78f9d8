"""As viewflow's quick start has it: a process of our own with the form's values in its JSON
field."""

from django.db import models  # noqa: F401 - Django finds the app's models here
from viewflow import jsonstore
from viewflow.workflow.models import Process


class LinealProcess(Process):
    ok = jsonstore.BooleanField(default=False)
    texto = jsonstore.CharField(max_length=2_000, default="")

    class Meta:
        proxy = True
