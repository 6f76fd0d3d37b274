"""The words of wallets as template filters: `{% load accounts %}`."""

from django import template

from accounts import words

register = template.Library()

register.filter(words.called)
