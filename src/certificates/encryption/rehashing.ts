/**
 * `hash(hash(…(value)))` for SHA-1 and SHA-256, the hashes of real PKCS#12 files, which ask for it up to 600,000 times in each of six
 * derivations (Firefox). The library computes one such value as fast, but a call of it takes four times as long as the value itself.
 */

export interface Rehashing {
  /** Replaces the value by its hash value, so many times. */
  repeat(times: number): void;
  value(): Buffer;
}

/** Starts from a hash value; undefined for hashes that are left to the crypto library. */
export function rehashing(hash: string, value: Uint8Array): Rehashing | undefined {
  if (hash === 'sha1') return new Rehash(value, sha1Start, sha1Block);
  if (hash === 'sha256') return new Rehash(value, sha256Start, sha256Block);
  return undefined;
}

/** One block of a hash (FIPS 180-4): mixes the words of the message, the first 16 of `words`, into `state`. */
type Block = (state: Int32Array, words: Int32Array) => void;

class Rehash implements Rehashing {
  private readonly state: Int32Array;
  private readonly words = new Int32Array(80);
  constructor(
    value: Uint8Array,
    private readonly start: Int32Array,
    private readonly block: Block,
  ) {
    const view = Buffer.from(value);
    this.state = Int32Array.from(start, (_, index) => view.readInt32BE(4 * index));
  }

  repeat(times: number): void {
    const { state, words, start } = this;
    const { length } = state;
    for (let i = 0; i < times; i++) {
      for (let t = 0; t < 15; t++) words[t] = t < length ? (state[t] ?? 0) : 0;
      // The padding of a message: a one, zeros, and the number of its bits.
      words[length] = 0x80000000;
      words[15] = length * 32;
      for (let t = 0; t < length; t++) state[t] = start[t] ?? 0;
      this.block(state, words);
    }
  }

  value(): Buffer {
    const bytes = Buffer.alloc(this.state.length * 4);
    this.state.forEach((word, index) => bytes.writeInt32BE(word, 4 * index));
    return bytes;
  }
}

const sha1Start = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);

/** FIPS 180-4, 6.1.2. */
function sha1Block(state: Int32Array, words: Int32Array): void {
  for (let t = 16; t < 80; t++) {
    const mixed = (words[t - 3] ?? 0) ^ (words[t - 8] ?? 0) ^ (words[t - 14] ?? 0) ^ (words[t - 16] ?? 0);
    words[t] = (mixed << 1) | (mixed >>> 31);
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  for (let t = 0; t < 20; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((d ^ (b & (c ^ d))) + 0x5a827999) + e + (words[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b ^ c ^ d) + 0x6ed9eba1) + e + (words[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const next = (((a << 5) | (a >>> 27)) + (((b & c) | (d & (b | c))) - 0x70e44324) + e + (words[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const next = (((a << 5) | (a >>> 27)) + ((b ^ c ^ d) - 0x359d3e2a) + e + (words[t] ?? 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
}

const sha256Start = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
);

const sha256Round = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

/** FIPS 180-4, 6.2.2. */
function sha256Block(state: Int32Array, words: Int32Array): void {
  for (let t = 16; t < 64; t++) {
    const x = words[t - 15] ?? 0;
    const y = words[t - 2] ?? 0;
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[t] = (words[t - 16] ?? 0) + small0 + (words[t - 7] ?? 0) + small1;
  }
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let t = 0; t < 64; t++) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const first = (h + big1 + (g ^ (e & (f ^ g))) + (sha256Round[t] ?? 0) + (words[t] ?? 0)) | 0;
    const second = (big0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
  state[4] = (state[4] ?? 0) + e;
  state[5] = (state[5] ?? 0) + f;
  state[6] = (state[6] ?? 0) + g;
  state[7] = (state[7] ?? 0) + h;
}
