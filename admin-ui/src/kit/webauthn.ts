// Passkeys: the browser speaks in byte buffers, the server in base64url JSON. This is the bridge.

/** Bytes to base64url without padding. */
export function toBase64url(buffer: ArrayBuffer | ArrayBufferView): string {
  const view = buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  let text = ''
  for (const byte of view) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** base64url, with or without padding, to bytes. */
export function fromBase64url(text: string): ArrayBuffer {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  const binary = atob(plain.padEnd(Math.ceil(plain.length / 4) * 4, '='))
  const out = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index += 1) out[index] = binary.charCodeAt(index)
  return out.buffer
}

type Json = Record<string, unknown>

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function inner(options: unknown): Json {
  const outer = record(options)
  return 'publicKey' in outer ? record(outer.publicKey) : outer
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  if (!Array.isArray(list)) return []
  return list.map((entry) => ({ ...(record(entry) as unknown as PublicKeyCredentialDescriptor), id: fromBase64url(String(record(entry).id)) }))
}

/** The server's options for a new passkey, as the browser wants them. */
export function creationOptions(options: unknown): PublicKeyCredentialCreationOptions {
  const json = inner(options)
  const user = record(json.user)
  return {
    ...(json as unknown as PublicKeyCredentialCreationOptions),
    challenge: fromBase64url(String(json.challenge)),
    user: { ...(user as unknown as PublicKeyCredentialUserEntity), id: fromBase64url(String(user.id)) },
    excludeCredentials: descriptors(json.excludeCredentials),
  }
}

/** The server's options for signing in, as the browser wants them. */
export function requestOptions(options: unknown): PublicKeyCredentialRequestOptions {
  const json = inner(options)
  return {
    ...(json as unknown as PublicKeyCredentialRequestOptions),
    challenge: fromBase64url(String(json.challenge)),
    allowCredentials: descriptors(json.allowCredentials),
  }
}

/** The browser's answer, as the server wants it. */
export function credentialJson(credential: PublicKeyCredential): Json {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse
  const out: Json = { clientDataJSON: toBase64url(response.clientDataJSON) }
  if (response.attestationObject) {
    out.attestationObject = toBase64url(response.attestationObject)
    out.transports = typeof response.getTransports === 'function' ? response.getTransports() : []
  }
  if (response.authenticatorData) out.authenticatorData = toBase64url(response.authenticatorData)
  if (response.signature) out.signature = toBase64url(response.signature)
  if (response.userHandle) out.userHandle = toBase64url(response.userHandle)
  return {
    id: credential.id,
    rawId: toBase64url(credential.rawId),
    type: credential.type,
    response: out,
    extensions: credential.getClientExtensionResults(),
  }
}

/** Whether this browser knows passkeys at all. */
export function passkeysSupported(): boolean {
  return typeof window !== 'undefined' && 'PublicKeyCredential' in window && !!navigator.credentials
}

/** Whether the browser can offer passkeys inside the mail field. */
export async function conditionalSupported(): Promise<boolean> {
  if (!passkeysSupported() || typeof PublicKeyCredential.isConditionalMediationAvailable !== 'function') return false
  return PublicKeyCredential.isConditionalMediationAvailable()
}

/** What a failed ceremony means, in words; empty when the person simply closed the dialog. */
export function passkeyWords(cause: unknown): string {
  const name = cause instanceof DOMException ? cause.name : ''
  if (name === 'AbortError') return ''
  if (name === 'NotAllowedError') return 'The passkey was not used. You can try again, or sign in by mail.'
  if (name === 'InvalidStateError') return 'This device already has a passkey for you.'
  if (name === 'SecurityError') return 'Passkeys do not work on this address.'
  return 'The passkey did not work. You can sign in by mail instead.'
}
