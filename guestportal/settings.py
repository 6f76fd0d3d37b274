"""Django settings of the guest portal, all from the environment; README and .env.example list every name."""

import logging
import os
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, validate

BASE_DIR = Path(__file__).resolve().parent.parent


class SecretFilesEnv(Env):
    """Lets NAME_FILE, the path of a file, stand for the NAME of a secret. Raises ImproperlyConfigured for both."""

    secrets = ("SECRET_KEY", "ENCRYPTION_KEYS", "LOOKUP_KEY", "DATABASE_URL")

    def _get_value(self, env_key: str, default: Any) -> Any:
        path = os.environ.get(f"{env_key}_FILE") if env_key in self.secrets else None
        if not path:
            return super()._get_value(env_key, default)
        if os.environ.get(env_key):
            raise ImproperlyConfigured(f"{env_key}: expected either this or {env_key}_FILE, got both")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{env_key}_FILE: {type(error).__name__}: {path}") from None


env = SecretFilesEnv(eager=False)
env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG = bool(env.bool("DEBUG", False))  # read first: it decides which other settings have a default


# Published here, so a deployment that uses one of them is refused (guestportal/checks.py).
DEVELOPMENT_KEYS = {
    "SECRET_KEY": "development-only-" + "0" * 48,
    "LOOKUP_KEY": "development-only-" + "1" * 48,
    "ENCRYPTION_KEYS": "ZGV2ZWxvcG1lbnQtb25seS1lbmNyeXB0aW9uLWtleSE=",
}


def secret(name: str) -> str:
    """A secret that has a default only with DEBUG on."""
    value = (
        env.str(name, DEVELOPMENT_KEYS[name], validate=validate.Length(1))
        if DEBUG
        else env.str(name, validate=validate.Length(1))
    )
    return value or ""


def fernet_keys(text: str) -> list[str]:
    """The keys in `text`, comma separated. Raises ImproperlyConfigured unless each one can seal."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    try:
        MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured("ENCRYPTION_KEYS: expected Fernet keys, comma separated") from None
    return keys


def lookup_keys(text: str) -> list[str]:
    """The keys in `text`, comma separated. Raises ImproperlyConfigured when there is none."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    if not keys:
        raise ImproperlyConfigured("LOOKUP_KEY: expected a key, or several, comma separated")
    return keys


def pairs(name: str) -> dict[str, str]:
    """Names and values such as `card=5/10,address=10/60`. Raises ImproperlyConfigured for anything else."""
    try:
        found: dict[str, str] = env.dict(name, {})
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}: expected names and values such as card=5/10, comma separated"
        ) from None
    return found


SECRET_KEY = secret("SECRET_KEY")
# Keys of look-up hashes, comma separated: one of them is in force, until `rekey` puts the first in its place.
_LOOKUP_KEY = secret("LOOKUP_KEY")
# Fernet keys, comma separated: the first encrypts, all decrypt.
_ENCRYPTION_KEYS = secret("ENCRYPTION_KEYS")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["*"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", 0, validate=validate.Range(0, 10))
MERCHANTS_DIR = Path(env.str("MERCHANTS_DIR", "") or BASE_DIR / "guestportal" / "merchants")
ALLOW_SANDBOX: bool = env.bool("ALLOW_SANDBOX", DEBUG)
# As many as the server starts per process (gunicorn's --threads): some of them never wait for anybody.
THREADS: int = env.int("THREADS", 32, validate=validate.Range(6, 1000))
PAYTRONIX_CONCURRENCY: int = env.int("PAYTRONIX_CONCURRENCY", 16, validate=validate.Range(1, 1000))
LIMITS = pairs("LIMITS")  # changes to the table in guestportal/throttling/limits.py
FAILED_ANSWER_SECONDS: float = env.float("FAILED_ANSWER_SECONDS", 1.0, validate=validate.Range(0, 10))
PROOF_ROUNDS: int = env.int("PROOF_ROUNDS", 500, validate=validate.Range(1, 100_000))
PROOF_PAUSE_SECONDS: int = env.int("PROOF_PAUSE_SECONDS", 20, validate=validate.Range(1, 600))
LOG_FORMAT: str = env.str(
    "LOG_FORMAT", "text" if DEBUG else "json", validate=validate.OneOf(["json", "text"])
)
ERROR_HOOK: str = env.str("ERROR_HOOK", "")  # "package.module.function", called with every error as a dict
LOG_LEVEL: int = env.log_level("LOG_LEVEL", logging.INFO)
HTTPS_ONLY: bool = env.bool("HTTPS_ONLY", not DEBUG)
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'guestportal.sqlite3'}")}

try:
    env.seal()
except EnvValidationError as error:
    raise ImproperlyConfigured(f"These settings are missing or wrong: {error.error_messages}") from None
ENCRYPTION_KEYS = fernet_keys(_ENCRYPTION_KEYS)
LOOKUP_KEYS = lookup_keys(_LOOKUP_KEY)

# Counters rest on INSERT ... ON CONFLICT ... RETURNING and "one open gift" on a partial unique index.
if DATABASES["default"]["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
    raise ImproperlyConfigured("DATABASE_URL: expected SQLite or PostgreSQL")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on beside a writer; FULL and IMMEDIATE are what the gift ledger's promise rests on.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }

ROOT_URLCONF = "guestportal.urls"
WSGI_APPLICATION = "guestportal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "guestportal",
    "guestportal.merchants",
    "guestportal.storage",
    "guestportal.throttling",
    "guestportal.watch",
    "guestportal.web",
    "accounts",
    "gifting",
    *(["guestportal.sandbox"] if ALLOW_SANDBOX else []),  # its commands, sandbox and demo
]

MIDDLEWARE = [
    "guestportal.web.request_log.RequestLogMiddleware",
    "guestportal.web.headers.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "guestportal.merchants.middleware.MerchantMiddleware",
    "guestportal.web.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guestportal.web.fetch_site.FetchSiteMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guestportal.web.error_pages.MethodNotAllowedMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "guestportal.web.context.portal",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"  # the merchant's zone is activated per request

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    }
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Browsers keep __Host- cookies only over HTTPS; plain HTTP exists in development alone.
_PREFIX = "__Host-" if HTTPS_ONLY else ""
SESSION_ENGINE = "guestportal.web.sessions"
SESSION_COOKIE_NAME = f"{_PREFIX}sessionid"
SESSION_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "guestportal.web.error_pages.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language"
LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
LANGUAGE_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
FILE_UPLOAD_HANDLERS = ["guestportal.web.uploads.NoUploads"]

# What anybody can send; Django logs it as an error, which is for what somebody has to mend.
_FROM_OUTSIDE = (
    "DisallowedHost",
    "RequestDataTooBig",
    "SuspiciousMultipartForm",
    "TooManyFieldsSent",
    "TooManyFilesSent",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "guestportal.web.request_log.RequestFilter"},
        "redact": {"()": "guestportal.web.logs.RedactionFilter"},
        "outside": {"()": "guestportal.web.logs.OutsideFilter"},
    },
    "formatters": {
        "json": {"()": "guestportal.web.logs.JsonFormatter"},
        "text": {"()": "guestportal.web.logs.TextFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_FORMAT == "json" else "text",
            "filters": ["request", "redact"],
        },
        "hook": {
            "class": "guestportal.web.error_hook.ErrorHook",
            "level": "ERROR",
            "filters": ["request", "redact"],
        },
    },
    "root": {"handlers": ["stderr", "hook"] if ERROR_HOOK else ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would print past the redaction.
        "django": {"handlers": [], "propagate": True, "level": LOG_LEVEL},
        **{f"django.security.{name}": {"filters": ["outside"]} for name in _FROM_OUTSIDE},
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "urllib3": {
            "level": max(LOG_LEVEL, logging.WARNING)
        },  # its DEBUG lines hold whole addresses, card numbers included
        "django.template": {"level": max(LOG_LEVEL, logging.INFO)},
        "django.db.backends": {"level": max(LOG_LEVEL, logging.INFO)},
    },
}
