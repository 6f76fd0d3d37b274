"""The words of gifts as template filters: `{% load gifts %}`."""

from django import template

from gifting.gift import reference, words

register = template.Library()

register.filter(words.gift_words)
register.filter(words.person)
register.filter(words.deadline_day)
register.filter(words.days_left)
register.filter(words.is_over)
register.filter(words.is_urgent)
register.filter(words.gift_moment)
register.filter(words.month_words)
register.filter(words.status_word)
register.filter(words.status_tone)
register.filter(reference.without_reference)
register.filter(words.target_kind_words)
