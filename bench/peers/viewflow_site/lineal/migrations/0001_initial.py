"""The proxy model; no table of its own."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [("viewflow", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            "LinealProcess",
            fields=[],
            options={"proxy": True, "indexes": []},
            bases=("viewflow.process",),
        )
    ]
