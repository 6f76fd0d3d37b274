from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def look_at_open_answers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was open before there were turns is looked at by the next settler."""
    answers = apps.get_model('gifting', 'Answer').objects.using(schema_editor.connection.alias)
    answers.filter(state__in=['claimed', 'unknown']).update(next_look_at=F('claimed_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('gifting', '0002_wish'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='answer',
            name='answer_state',
        ),
        migrations.AddField(
            model_name='answer',
            name='credential',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='answer',
            name='is_news',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='answer',
            name='next_look_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['merchant', 'next_look_at'], name='answer_next_look'),
        ),
        migrations.RunPython(look_at_open_answers, migrations.RunPython.noop),
    ]
