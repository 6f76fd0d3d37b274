"""No form of the portal takes a file, and none is read from a request."""

from typing import NoReturn

from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class NoUploads(FileUploadHandler):
    """Leaves a request at its first file; Django's own handlers would keep files of any size."""

    def new_file(self, *args: object, **kwargs: object) -> NoReturn:  # noqa: ARG002 - whatever it is
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:  # noqa: ARG002 - never reached
        raise StopUpload(connection_reset=True)

    def file_complete(self, file_size: int) -> None:
        """Nothing to hand over."""
