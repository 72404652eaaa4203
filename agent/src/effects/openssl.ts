import { native } from './native.ts';

/** The keyed stream of one key. Offsets are multiples of 16. */
export type KeyStream = {
  /** Writes the stream's bytes at `offset` into `target`. */
  fill(target: Uint8Array, offset: number): void;
  /** Whether `found` is what the stream has at `offset`. */
  equals(found: Uint8Array, offset: number): boolean;
};

export type MakeKeyStream = (keyHex: string) => KeyStream;

/** Larger pieces leave the processor's cache. */
const PIECE = 256 * 1024;
const ZEROS = new Uint8Array(PIECE);

/**
 * AES-256-CTR by the OpenSSL that is in Node itself, straight into the caller's memory: `cipher.update` allocates its
 * result and copies it once more, which halves the speed. Null where this Node cannot call native functions
 * (`node:ffi` is experimental); the caller compares it with `node:crypto` before it believes it.
 */
export function openSslKeyStreams(): MakeKeyStream | null {
  const openSsl = load();
  return openSsl && ((keyHex) => keyStream(openSsl, keyHex));
}

function keyStream({ functions, context, cipher }: OpenSsl, keyHex: string): KeyStream {
  const key = Buffer.from(keyHex, 'hex');
  const counter = new Uint8Array(16);
  const view = new DataView(counter.buffer);
  const length = new Uint8Array(4);
  const made = new Uint8Array(PIECE);
  const start = (offset: number): void => {
    if (offset % 16 !== 0) throw new RangeError(`the stream cannot start at ${offset}`);
    view.setBigUint64(8, BigInt(offset / 16));
    must(functions.EVP_EncryptInit_ex(context, cipher, 0n, key, counter));
  };
  const through = (input: Uint8Array, output: Uint8Array): void =>
    must(functions.EVP_EncryptUpdate(context, output, length, input, input.length));
  return {
    fill(target, offset) {
      start(offset);
      for (let at = 0; at < target.length; at += PIECE) {
        const piece = target.subarray(at, at + PIECE);
        through(ZEROS.subarray(0, piece.length), piece);
      }
    },
    equals(found, offset) {
      start(offset);
      // What is the stream's own becomes zero when it goes through the cipher.
      for (let at = 0; at < found.length; at += PIECE) {
        const piece = found.subarray(at, at + PIECE);
        through(piece, made);
        if (Buffer.compare(made.subarray(0, piece.length), ZEROS.subarray(0, piece.length)) !== 0)
          return false;
      }
      return true;
    },
  };
}

function must(status: number): void {
  if (status !== 1) throw new Error('OpenSSL refused AES-256-CTR');
}

type OpenSsl = NonNullable<ReturnType<typeof load>>;

function load() {
  const found = native({
    EVP_CIPHER_CTX_new: { arguments: [], return: 'pointer' },
    EVP_aes_256_ctr: { arguments: [], return: 'pointer' },
    EVP_EncryptInit_ex: { arguments: ['pointer', 'pointer', 'pointer', 'buffer', 'buffer'], return: 'i32' },
    EVP_EncryptUpdate: { arguments: ['pointer', 'buffer', 'buffer', 'buffer', 'i32'], return: 'i32' },
  });
  if (!found) return null;
  const { functions } = found;
  const [context, cipher] = [functions.EVP_CIPHER_CTX_new(), functions.EVP_aes_256_ctr()];
  return context === 0n || cipher === 0n ? null : { ...found, context, cipher };
}
