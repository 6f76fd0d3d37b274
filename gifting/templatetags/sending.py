"""The words of sending as template filters: `{% load sending %}`."""

from django import template

from gifting.sending import words

register = template.Library()

register.filter(words.cost_words)
register.filter(words.balance_words)
register.filter(words.left_words)
register.filter(words.terms)
register.filter(words.obstacle_words)
register.filter(words.ago)
register.filter(words.local_day)
