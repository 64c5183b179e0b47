"""Secrets made at random, and the forms they are kept and compared in."""

import hashlib
import hmac
import secrets

ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
"""Letters and digits that nobody mixes up when reading them off a board: no B or 8, I, L or 1, O or 0, S or 5, Z or 2."""
CODE_LENGTH = 8
_HYPHEN_AT = CODE_LENGTH // 2
_LONGEST_TYPED = 64


def new_token() -> str:
    """Return a new secret of 256 random bits, url-safe."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the form in which a token is kept: SHA-256 is enough, for there is nothing to guess in 256 random bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def new_join_code() -> str:
    """Return a new class code such as KQ7M-4XRT (37 random bits)."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{code[:_HYPHEN_AT]}-{code[_HYPHEN_AT:]}"


def same_code(typed: str, code: str) -> bool:
    """Say, in constant time, whether `typed` is `code`; capitals, spaces and hyphens do not matter."""
    return hmac.compare_digest(_plain(typed), _plain(code))


def _plain(code: str) -> bytes:
    kept = "".join(character for character in code[:_LONGEST_TYPED] if character.isalnum())
    return kept.upper().encode()
