import { describe, expect, it } from 'vitest';
import { doneReal } from '../../../test-fixtures/certificates.ts';
import {
  CERTIFICATE_TYPE,
  checkSignature,
  envelopeBytes,
  openAs,
  openBytes,
  preAuthenticationEncoding,
  RECEIPT_TYPE,
  seal,
} from './envelope.ts';
import { generateKeptKey, generateSessionKey, importKeptKey, keyIdOf } from './signing.ts';

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('DSSE envelope', () => {
  it('encodes as the DSSE v1 specification shows', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', bytes('hello world'));
    expect(new TextDecoder().decode(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters', () => {
    expect(new TextDecoder().decode(preAuthenticationEncoding('é', bytes('é')))).toBe('DSSEv1 2 é 2 é');
  });

  it('opens what it sealed, and checks out under its key only', async () => {
    const { certificate, envelopeBytes: stored } = await doneReal();
    const opened = openBytes(stored);
    expect(opened.payload).toEqual(certificate);
    expect(envelopeBytes(opened.envelope)).toEqual(stored);
    await expect(checkSignature(opened.envelope, certificate.issuer.publicKey)).resolves.toBeUndefined();
    const other = await generateSessionKey();
    await expect(checkSignature(opened.envelope, other.publicKey)).rejects.toMatchObject({
      code: 'wrong-key',
    });
    const named = {
      ...opened.envelope,
      signatures: [{ keyid: other.keyId, sig: opened.envelope.signatures[0]?.sig ?? '' }],
    };
    await expect(checkSignature(named, other.publicKey)).rejects.toMatchObject({ code: 'bad-signature' });
  });

  it('does not open one type as another, nor a type that it does not know', async () => {
    const { envelope } = openBytes((await doneReal()).envelopeBytes);
    expect(() => openAs(RECEIPT_TYPE, envelope)).toThrow(expect.objectContaining({ code: 'unknown-type' }));
    const strange = { ...envelope, payloadType: 'application/vnd.rebond.strange+json' };
    expect(() => openBytes(envelopeBytes(strange))).toThrow(
      expect.objectContaining({ code: 'unknown-type' }),
    );
  });

  it('a signature for one type is none for another: the type is signed too', async () => {
    const { certificate, envelopeBytes: stored } = await doneReal();
    const moved = { ...openBytes(stored).envelope, payloadType: RECEIPT_TYPE };
    await expect(checkSignature(moved, certificate.issuer.publicKey)).rejects.toMatchObject({
      code: 'bad-signature',
    });
  });

  it('signs nothing that is not of its shape', async () => {
    const key = await generateSessionKey();
    const { certificate } = await doneReal();
    const wrong = { ...certificate, surprise: true };
    await expect(seal(CERTIFICATE_TYPE, wrong, key)).rejects.toMatchObject({ code: 'wrong-shape' });
  });
});

describe('keys', () => {
  it('keeps a key through its PKCS#8 bytes, and refuses halves that do not belong together', async () => {
    const { key, pkcs8 } = await generateKeptKey();
    const again = await importKeptKey(pkcs8, key.publicKey);
    expect(again.keyId).toBe(await keyIdOf(key.publicKey));
    const stranger = await generateSessionKey();
    await expect(importKeptKey(pkcs8, stranger.publicKey)).rejects.toThrow('do not belong together');
  });
});
