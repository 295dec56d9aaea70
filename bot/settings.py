"""Reads the settings from the environment and `.env`: the one place that does.

It never makes a key and never guesses a secret; what is missing is said with the way to mend it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.vault import Key, KeysUnusable, read_ring

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where mechanism/ and messages/ lie."""


class Settings(BaseSettings):
    """Everything that can be set, under the names that the README lists."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str = ""
    sanad_data: Path = Path("data")
    sanad_keys: SecretStr = SecretStr("")
    sanad_keys_file: Path | None = None
    sanad_mechanism: Path = ROOT / "mechanism"
    sanad_timezone: str = "Asia/Aden"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    trusted_proxy: str = ""
    telegram_bot_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr = SecretStr("")
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_api_url: str = "https://api.twilio.com"
    twilio_whatsapp_from: str = ""
    twilio_voice_from: str = ""

    @property
    def database(self) -> str:
        """The database's address: DATABASE_URL, else a file in the data folder."""
        named = self.database_url.replace("postgres://", "postgresql://", 1)
        return named or f"sqlite:///{(self.sanad_data / 'sanad.db').absolute()}"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is SQLite, which one process at a time serves."""
        return self.database.startswith("sqlite:///")

    @property
    def address(self) -> str:
        """Where the world reaches us, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    def ring(self) -> tuple[Key, ...]:
        """The server's keys, newest first. Raises `KeysUnusable`, with the way to mend it."""
        lines = self.sanad_keys.get_secret_value()
        if not lines and self.sanad_keys_file is not None:
            lines = self._keys_from_file(self.sanad_keys_file)
        return read_ring(lines)

    @staticmethod
    def _keys_from_file(path: Path) -> str:
        try:
            return path.read_text(encoding="ascii")
        except (OSError, UnicodeError) as error:
            raise KeysUnusable(
                f"SANAD_KEYS_FILE={path} can't be read: {error}. Check the path and its rights."
            ) from error
