"""Settings: read once from the environment and the instance folder, all problems reported together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
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
        smtp_url: SURVEY_SMTP_URL, the mail server of invitations (smtp:// with STARTTLS, or smtps://).
        mail_from: SURVEY_MAIL_FROM, who sends them.
        scan_command: SURVEY_SCAN_COMMAND, the virus scanner of evidence; empty for none.
        evidence_mb: SURVEY_EVIDENCE_MB, the largest file of evidence.
        staff_networks: SURVEY_STAFF_NETWORKS, of offices' own computers; answers from there are marked.
        posts_per_minute: SURVEY_POSTS_PER_MINUTE, the most that one address may send to one process.
        help_phone, help_hours: SURVEY_HELP_PHONE and SURVEY_HELP_HOURS, whom to call; on every page.
        accessibility_contact: SURVEY_ACCESSIBILITY_CONTACT, who hears of barriers (e-mail or phone).
    """

    instance: Path
    exports: Path
    database_url: str
    secret_key: str | None
    public_base_url: str
    trusted_hosts: tuple[str, ...]
    behind_proxy: int
    language: str
    help_phone: str = ""
    help_hours: str = ""
    accessibility_contact: str = ""
    posts_per_minute: int = 300
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    staff_networks: tuple[str, ...] = ()
    scan_command: str = ""
    evidence_mb: int = 20

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
    instance = Path(env.get("SURVEY_INSTANCE", ROOT / "instance"))
    base_url = env.get("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    hops, posts = env.get("SURVEY_BEHIND_PROXY", "0"), env.get("SURVEY_POSTS_PER_MINUTE", "300")
    smtp_url = env.get("SURVEY_SMTP_URL", "").strip()
    evidence_mb = env.get("SURVEY_EVIDENCE_MB", "20")
    networks = tuple(filter(None, env.get("SURVEY_STAFF_NETWORKS", "").split(",")))
    secret = env.get("SECRET_KEY") or _kept_secret(instance)
    language = env.get("SURVEY_LANG", "vi")
    problems = [
        name
        for name, right in (
            ("PUBLIC_BASE_URL", base_url.startswith(("http://", "https://"))),
            ("SURVEY_BEHIND_PROXY", hops.isdecimal() and int(hops) <= 5),
            ("SURVEY_POSTS_PER_MINUTE", posts.isdecimal() and 0 < int(posts) <= 1_000_000),
            ("SURVEY_EVIDENCE_MB", evidence_mb.isdecimal() and 0 < int(evidence_mb) <= 200),
            ("SURVEY_STAFF_NETWORKS", all(map(_is_network, networks))),
            ("SURVEY_SMTP_URL", not smtp_url or smtp_url.startswith(("smtp://", "smtps://"))),
            ("SECRET_KEY", secret is None or len(secret) >= 32),
            ("SURVEY_LANG", language in ("vi", "en")),
        )
        if not right
    ]
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
        help_phone=env.get("SURVEY_HELP_PHONE", "").strip(),
        help_hours=env.get("SURVEY_HELP_HOURS", "").strip(),
        accessibility_contact=env.get("SURVEY_ACCESSIBILITY_CONTACT", "").strip(),
        posts_per_minute=int(posts),
        staff_networks=networks,
        smtp_url=smtp_url,
        scan_command=env.get("SURVEY_SCAN_COMMAND", "").strip(),
        evidence_mb=int(evidence_mb),
        mail_from=env.get("SURVEY_MAIL_FROM", "").strip(),
    )


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


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
