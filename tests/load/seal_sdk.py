"""The AWS Encryption SDK for Python at the same work, for `bin/bench seal`: same suite, same frames, and one data key that
needs no key service. Commands come on stdin, a line each; every answer is a line, too.

    open FROM TO    opens a message
    seal FROM TO    seals a file
    time MIB        seals and opens so much in memory; answers the seconds of each
"""

import sys
import time

import aws_encryption_sdk
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy
from aws_encryption_sdk.key_providers.base import MasterKey, MasterKeyConfig
from aws_encryption_sdk.structures import DataKey, EncryptedDataKey

FRAME = 64 * 1024
PROVIDER = "benchmark"
KEY_ID = b"benchmark"
CONTEXT = {"purpose": "benchmark"}


class FixedKeyConfig(MasterKeyConfig):
    """Names the key."""

    provider_id = PROVIDER

    def __init__(self):
        super().__init__(key_id=KEY_ID)


class FixedKey(MasterKey):
    """Knows one data key: the wrapping of keys is no part of this benchmark."""

    provider_id = PROVIDER
    _config_class = FixedKeyConfig
    plain = bytes([7]) * 32

    def _generate_data_key(self, algorithm, encryption_context):
        return DataKey(self.key_provider, self.plain, bytes(184))

    def _encrypt_data_key(self, data_key, algorithm, encryption_context):
        return EncryptedDataKey(self.key_provider, bytes(184))

    def _decrypt_data_key(self, encrypted_data_key, algorithm, encryption_context):
        return DataKey(self.key_provider, self.plain, encrypted_data_key.encrypted_data_key)


def seal(plain, client, key):
    sealed, header = client.encrypt(
        source=plain,
        key_provider=key,
        encryption_context=CONTEXT,
        algorithm=Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
        frame_length=FRAME,
    )
    assert header.algorithm.algorithm_id == 0x0478
    return sealed


def unseal(sealed, client, key):
    plain, header = client.decrypt(source=sealed, key_provider=key)
    assert header.frame_length == FRAME and CONTEXT.items() <= header.encryption_context.items()
    return plain


def measure(mib, client, key):
    plain = bytes(range(256)) * (mib * 4096)
    start = time.perf_counter()
    sealed = seal(plain, client, key)
    middle = time.perf_counter()
    opened = unseal(sealed, client, key)
    end = time.perf_counter()
    assert opened == plain, "opened as something else"
    return f"{middle - start} {end - middle}"


def convert(work, source, target):
    with open(source, "rb") as file:
        made = work(file.read())
    with open(target, "wb") as file:
        file.write(made)
    return "done"


def main():
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    key = FixedKey()
    for line in sys.stdin:
        match line.split():
            case ["open", source, target]:
                answer = convert(lambda sealed: unseal(sealed, client, key), source, target)
            case ["seal", source, target]:
                answer = convert(lambda plain: seal(plain, client, key), source, target)
            case ["time", mib]:
                answer = measure(int(mib), client, key)
            case _:
                sys.exit(f"unknown: {line}")
        print(answer, flush=True)


main()
