// The bridge between the browser's buffers and the server's base64url.
import { describe, expect, it } from 'vitest'
import { creationOptions, credentialJson, fromBase64url, passkeyWords, requestOptions, toBase64url } from './webauthn'

const buffer = (...values: number[]) => new Uint8Array(values).buffer

describe('base64url', () => {
  it('goes there and back for every length', () => {
    for (let length = 0; length < 20; length += 1) {
      const bytes = new Uint8Array(Array.from({ length }, (_, index) => (index * 67 + 251) % 256))
      expect(new Uint8Array(fromBase64url(toBase64url(bytes.buffer)))).toEqual(bytes)
    }
  })
  it('uses the letters of URLs and no padding', () => {
    expect(toBase64url(buffer(0xfb, 0xff, 0xfe))).toBe('-__-')
    expect(toBase64url(buffer(1))).toBe('AQ')
    expect(new Uint8Array(fromBase64url('AQ=='))).toEqual(new Uint8Array([1]))
  })
  it('sees only its part of a larger buffer', () => expect(toBase64url(new Uint8Array([9, 1, 9]).subarray(1, 2))).toBe('AQ'))
})

describe('options', () => {
  it('of a new passkey are turned into buffers, wrapped or not', () => {
    const json = { challenge: 'AQID', rp: { name: 'Larkrise' }, user: { id: 'BAU', name: 'd', displayName: 'D' }, pubKeyCredParams: [], excludeCredentials: [{ type: 'public-key', id: 'Bg' }] }
    for (const options of [json, { publicKey: json }]) {
      const found = creationOptions(options)
      expect(toBase64url(found.challenge as ArrayBuffer)).toBe('AQID')
      expect(toBase64url(found.user.id as ArrayBuffer)).toBe('BAU')
      expect(found.user.displayName).toBe('D')
      expect(toBase64url(found.excludeCredentials?.[0]?.id as ArrayBuffer)).toBe('Bg')
    }
  })
  it('of a sign-in may name no credential', () => {
    const found = requestOptions({ publicKey: { challenge: 'AQID', rpId: 'larkrise.example.com' } })
    expect(found.allowCredentials).toEqual([])
    expect(found.rpId).toBe('larkrise.example.com')
  })
})

describe('answers', () => {
  const base = { id: 'Bg', rawId: buffer(6), type: 'public-key', getClientExtensionResults: () => ({}) }
  it('of a registration carry the attestation', () => {
    const response = { clientDataJSON: buffer(1), attestationObject: buffer(2), getTransports: () => ['internal'] }
    const json = credentialJson({ ...base, response } as unknown as PublicKeyCredential)
    expect(json).toMatchObject({ id: 'Bg', rawId: 'Bg', type: 'public-key', response: { clientDataJSON: 'AQ', attestationObject: 'Ag', transports: ['internal'] } })
  })
  it('of a sign-in carry the signature', () => {
    const response = { clientDataJSON: buffer(1), authenticatorData: buffer(2), signature: buffer(3), userHandle: null }
    const json = credentialJson({ ...base, response } as unknown as PublicKeyCredential)
    expect(json.response).toEqual({ clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw' })
  })
})

it('a closed dialog is not an error', () => {
  expect(passkeyWords(new DOMException('', 'AbortError'))).toBe('')
  expect(passkeyWords(new DOMException('', 'NotAllowedError'))).toContain('sign in by mail')
})
