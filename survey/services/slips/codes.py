"""The one-time code of a slip: how it is made, checked, read as people type it, and hashed (K13).

Eight random characters of Crockford's alphabet (40 bits) and one that checks them. Not which codes
there are, and not what a code opens (slips/batches.py). docs/decisions/0011 says why so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from survey.services.site_keys import site_key
from survey.services.slips.errors import MistypedSlip
from survey.storage.store import Store

#: Crockford's letters: no I, L, O or U, so that none is mistaken for a digit.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM, LENGTH = 8, 9
#: File of the site's secret in `instance/keys`. No round's code has a dot, so none can be called so.
KEY_FILE = "slip-codes.secret"
_VALUE = {letter: value for value, letter in enumerate(LETTERS)}
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
#: x⁵ + x² + 1, primitive over GF(2): the powers of x are the 31 weights there are.
_POLYNOMIAL = 0b100101
_LONGEST_TYPED = 40
#: scrypt: 8 MiB and about 15 ms a code on the machine of docs/performance.
_COST = {"n": 2**13, "r": 8, "p": 1, "dklen": 32}


def make_code() -> str:
    """Make a random code with its check character."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(RANDOM))
    return drawn + check_character(drawn)


def check_character(drawn: str) -> str:
    """Give the ninth character: Σ xⁱ·dᵢ over GF(32), so that it is one of the same 32.

    Each place has a weight of its own, so one wrong character and any two that changed places are
    always found (a one-symbol Reed-Solomon code); other mistakes slip through once in 32.
    """
    weight, total = 1, 0
    for letter in drawn:
        weight = _times_x(weight)
        total ^= _product(weight, _VALUE[letter])
    return LETTERS[total]


def read_code(typed: str) -> str:
    """Read a code as people type it: any case, with dashes or blanks, O for 0, I and L for 1.

    Raises:
        MistypedSlip: it cannot be a code. Nothing is looked up for it, and it costs no try.
    """
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED]).upper()
    code = "".join(letter for letter in plain if letter.isalnum()).translate(_READ_AS)
    if (
        len(code) != LENGTH
        or not set(code) <= set(LETTERS)
        or check_character(code[:RANDOM]) != code[RANDOM:]
    ):
        raise MistypedSlip()
    return code


def written(code: str) -> str:
    """Write a code in groups of three, as it stands on a slip."""
    return "-".join(code[start : start + 3] for start in range(0, LENGTH, 3))


class SlipKey:
    """The site's secret behind its slips, and what is derived from it, each for one purpose."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of(cls, store: Store) -> SlipKey:
        """Give the key of a site, making it at the first need."""
        return cls(site_key(store.keys, KEY_FILE, lambda: secrets.token_bytes(32)))

    @classmethod
    def if_there(cls, store: Store) -> SlipKey | None:
        """Give the key of a site, or None where no code was made or the key is kept elsewhere."""
        return cls.of(store) if (store.keys / KEY_FILE).exists() else None

    def hash_of(self, code: str) -> str:
        """Hash a code slowly, under a salt that a dump of the database does not have."""
        return hashlib.scrypt(code.encode(), salt=self.derived("salt"), **_COST).hex()

    def hashes_of(self, codes: Iterable[str]) -> list[str]:
        """Hash many codes, on as many cores as there are: scrypt lets others run meanwhile."""
        with ThreadPoolExecutor() as pool:
            return list(pool.map(self.hash_of, codes))

    def response_id(self, round_code: str, code_hash: str) -> UUID:
        """Derive the id of a code's response: HMAC-SHA256 of its hash under a key of the round."""
        round_key = self.derived(f"round:{round_code}")
        return UUID(bytes=hmac.digest(round_key, bytes.fromhex(code_hash), "sha256")[:16])

    def derived(self, purpose: str) -> bytes:
        """Derive a value for one purpose, that tells nothing of those for others."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 0b100000 else doubled


def _product(one: int, other: int) -> int:
    total = 0
    while other:
        total ^= one if other & 1 else 0
        one, other = _times_x(one), other >> 1
    return total
