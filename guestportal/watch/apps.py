"""Django's handle on the contract watch: told by the calls, it writes after responses."""

from django.apps import AppConfig
from django.core.signals import request_finished


class WatchConfig(AppConfig):
    name = "guestportal.watch"
    label = "watch"

    def ready(self) -> None:
        from guestportal.paytronix.observing import observe
        from guestportal.watch import waiting

        observe(waiting.note)
        request_finished.connect(waiting.write_after_response, dispatch_uid="contract_watch")
