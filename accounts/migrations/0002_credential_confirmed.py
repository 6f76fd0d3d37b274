"""When the guest last gave password or code. Sign-ins from before count as long ago, so they are asked again."""

from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="credential",
            name="confirmed_at",
            field=models.DateTimeField(default=datetime(1970, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="credential",
            name="doubtful_tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
