"""Renames the kind of a sign-in by the `guest` style: "guest" is also what every person here is called."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("accounts", "Credential").objects.filter(kind="guest").update(kind="guest_password")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sweeps")]

    operations = [
        migrations.RemoveConstraint(model_name="credential", name="credential_kind_is_known"),
        migrations.AlterField(
            model_name="credential",
            name="kind",
            field=models.CharField(
                choices=[("card", "Card"), ("oauth", "Oauth"), ("guest_password", "Guest Password")], max_length=16
            ),
        ),
        migrations.RunPython(rename),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["card", "oauth", "guest_password"]), name="credential_kind_is_known"
            ),
        ),
    ]
