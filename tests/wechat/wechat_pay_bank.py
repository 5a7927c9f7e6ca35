"""WeChat Pay's side of the table, in a few lines: its key, signed answers, sealed notices."""

import base64
import json
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from wechat_stand_in import Heard, Reply

KEY_ID = "PUB_KEY_ID_0119000000012026112400000001"
V3_KEY = "0123456789abcdef0123456789abcdef"
MCH_ID = "1900000001"


class Bank:
    def __init__(self, folder: Path) -> None:
        self._ours, self._theirs = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self.private_key_file, self.public_key_file = folder / "apiclient_key.pem", folder / "pub_key.pem"
        self.private_key_file.write_bytes(
            self._theirs.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        self.public_key_file.write_bytes(
            self._ours.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )

    def headers(self, body: bytes, now: datetime, **changes: str) -> dict[str, str]:
        moment, nonce = str(int(now.timestamp())), "n0nce"
        signed = self._ours.sign(f"{moment}\n{nonce}\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256())
        headers = {
            "Wechatpay-Timestamp": moment,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": base64.b64encode(signed).decode(),
            "Wechatpay-Serial": KEY_ID,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        }
        return headers | {name.replace("_", "-"): value for name, value in changes.items()}

    def reply(self, facts: Any, now: datetime, status: int = 200) -> Reply:
        body = json.dumps(facts, ensure_ascii=False).encode()
        return Reply(body, status, self.headers(body, now))

    def sealed(self, text: str, *, key: str = V3_KEY, event_type: str = "MCHTRANSFER.BILL.FINISHED") -> bytes:
        nonce = os.urandom(6).hex()
        sealed = AESGCM(key.encode()).encrypt(nonce.encode(), text.encode(), b"mch_payment")
        resource = {"original_type": "mch_payment", "algorithm": "AEAD_AES_256_GCM", "associated_data": "mch_payment"}
        resource |= {"nonce": nonce, "ciphertext": base64.b64encode(sealed).decode()}
        envelope = {"id": "e1", "create_time": "2026-11-24T12:00:00+08:00", "event_type": event_type}
        return json.dumps({**envelope, "resource_type": "encrypt-resource", "resource": resource}).encode()

    def trusts(self, heard: Heard) -> bool:
        """Whether the merchant's key signed exactly what arrived."""
        parts = dict(re.findall(r'(\w+)="([^"]*)"', heard.headers["Authorization"]))
        path = heard.path[heard.path.index("/v3") :]
        text = f"{heard.method}\n{path}\n{parts['timestamp']}\n{parts['nonce_str']}\n".encode() + heard.body + b"\n"
        try:
            self._theirs.public_key().verify(
                base64.b64decode(parts["signature"]), text, padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            return False
        return True

    def unsealed(self, secret: str) -> str:
        oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
        return self._ours.decrypt(base64.b64decode(secret), oaep).decode()
