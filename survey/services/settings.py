"""Settings: read once from the environment and the instance folder, all problems reported together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.services.errors import BadSettings

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a site is told from outside (docs/operations.md lists each variable).

    Attributes:
        instance: folder of the database, snapshots and keys (SURVEY_INSTANCE).
        exports: folder that `survey export` writes to (SURVEY_EXPORTS).
        database_url: DATABASE_URL, or SQLite in the instance folder.
        secret_key: SECRET_KEY, or the one that `survey init` wrote in the instance folder.
        public_base_url: PUBLIC_BASE_URL, the only source of absolute links.
        trusted_hosts: SURVEY_TRUSTED_HOSTS, names that requests may ask for.
        behind_proxy: SURVEY_BEHIND_PROXY, how many proxies stand before the site (0 or more).
        language: SURVEY_LANG, the language of the command line.
    """

    instance: Path
    exports: Path
    database_url: str
    secret_key: str | None
    public_base_url: str
    trusted_hosts: tuple[str, ...]
    behind_proxy: int
    language: str

    @property
    def secure(self) -> bool:
        """True when the site is reached over https."""
        return self.public_base_url.startswith("https://")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment.

    Raises:
        BadSettings: naming every variable that is wrong.
    """
    env = os.environ if environment is None else environment
    problems: list[str] = []
    instance = Path(env.get("SURVEY_INSTANCE", ROOT / "instance"))
    base_url = env.get("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        problems.append("PUBLIC_BASE_URL")
    hops = env.get("SURVEY_BEHIND_PROXY", "0")
    if not hops.isdecimal() or int(hops) > 5:
        problems.append("SURVEY_BEHIND_PROXY")
    secret = env.get("SECRET_KEY") or _kept_secret(instance)
    if secret is not None and len(secret) < 32:
        problems.append("SECRET_KEY")
    language = env.get("SURVEY_LANG", "vi")
    if language not in ("vi", "en"):
        problems.append("SURVEY_LANG")
    if problems:
        raise BadSettings(", ".join(problems), names=", ".join(problems))
    return Settings(
        instance=instance,
        exports=Path(env.get("SURVEY_EXPORTS", ROOT / "exports")),
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'survey.sqlite3'}",
        secret_key=secret,
        public_base_url=base_url,
        trusted_hosts=tuple(filter(None, env.get("SURVEY_TRUSTED_HOSTS", "").split(","))),
        behind_proxy=int(hops),
        language=language,
    )


def make_secret(instance: Path) -> None:
    """Write a random secret key that only the owner can read, unless there is one."""
    path = _secret_path(instance)
    if path.exists():
        return
    instance.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))


def _kept_secret(instance: Path) -> str | None:
    path = _secret_path(instance)
    return path.read_text().strip() if path.is_file() else None


def _secret_path(instance: Path) -> Path:
    return instance / "secret_key"
