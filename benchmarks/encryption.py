"""How fast personal values are encrypted, each bound to its row, against bare AES-GCM measured in the same run.

    DEMO_SERVE=0 make demo
    python benchmarks/encryption.py

A county's workbook has some 200,000 of them. Prints JSON: values a second of processor time (best of three), the ratio.
"""

import json
import os
import time
from collections.abc import Callable

from setting import lika

VALUES = 200_000
COLUMN = ("register_person", "id_number")


def rate(work: Callable[[], object]) -> int:
    """Values a second of the quickest of three runs."""
    times = []
    for _run in range(3):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return round(VALUES / min(times))


def main() -> None:
    """Encrypt, decrypt, and do the same without a place."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from lika.core import crypto
    from lika.core.ids import uuid7_batch

    texts = [f"62122319800101{number:06}"[:18] for number in range(VALUES)]
    rows = uuid7_batch(VALUES)
    bare = AESGCM(os.urandom(32))

    def places() -> list[crypto.Place]:
        return [crypto.place(*COLUMN, row) for row in rows]

    def unbound() -> list[bytes]:
        nonces = [os.urandom(12) for _text in texts]
        return [bare.encrypt(nonce, text.encode(), None) for nonce, text in zip(nonces, texts, strict=True)]

    sealed = crypto.encrypt_many(texts, places())
    floor = rate(unbound)
    encrypted = rate(lambda: crypto.encrypt_many(texts, places()))
    decrypted = rate(lambda: [crypto.decrypt(blob, at) for blob, at in zip(sealed, places(), strict=True)])
    print(
        json.dumps(
            {"bare": floor, "encrypted": encrypted, "decrypted": decrypted, "ratio": round(floor / encrypted, 2)}
        )
    )


if __name__ == "__main__":
    with lika():
        main()
