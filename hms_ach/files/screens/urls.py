"""Addresses of stored files."""

from django.urls import path

from hms_ach.files.screens import stored_file

app_name = "files"

urlpatterns = [path("<str:public_id>/", stored_file.download, name="download")]
