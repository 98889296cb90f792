/** How much key derivation a file may ask for. A count of 2^31 in a few bytes would keep a machine busy for an hour. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import { DerError } from '../der.ts';
import type { Kdf } from './kdf.ts';

/** Real files reach 600,000 in each of three derivations (Firefox, certtool). */
const maxIterations = 5_000_000;
/**
 * In PBKDF2 iterations with HMAC-SHA-256, of which a slow machine does 4 million in a second: what is allowed ends within two. The worst
 * real file (Firefox with 3DES, six derivations in all) needs 6.5 million.
 */
const maxWork = 8_000_000;
/** Bytes; `openssl pkcs8 -scrypt` takes 16 MB. */
const maxScryptMemory = 256 * 1024 * 1024;

/** Adds up what the derivations of one file cost. Everything that can be seen is added before the first one starts. */
export class KdfBudget {
  private iterations = 0;
  private work = 0;

  /** Throws `iterations-too-many` when the file asks for too much, `DerError` when a parameter is impossible. */
  spend(kdf: Kdf, times = 1): void {
    if (!this.afford(kdf, times)) {
      throw new ExpectedError(
        'iterations-too-many',
        l10n.t(
          'The file asks for so much computing to check its password (far more than any program writes) that opening it would take minutes to hours. It is refused, because it may have been made to do harm. If you trust it, convert it with OpenSSL: {0}',
          'openssl pkcs12 -in old.pfx -nodes | openssl pkcs12 -export -out new.pfx',
        ),
      );
    }
  }

  /** Like {@link spend} for a second try that may be left out: false when it is too much, and then nothing is added. */
  afford(kdf: Kdf, times = 1): boolean {
    const cost = costOf(kdf);
    if (!(this.iterations + cost.iterations * times <= maxIterations && this.work + cost.work * times <= maxWork)) {
      return false;
    }
    this.iterations += cost.iterations * times;
    this.work += cost.work * times;
    return true;
  }
}

function costOf(kdf: Kdf): { iterations: number; work: number } {
  if (kdf.kind === 'scrypt') {
    const { cost, blockSize, parallelization } = kdf;
    const size = cost * blockSize;
    if (cost < 2 || blockSize < 1 || parallelization < 1 || !Number.isInteger(Math.log2(cost))) {
      throw new DerError('Impossible scrypt parameters.');
    }
    if (size * 128 > maxScryptMemory) return { iterations: Infinity, work: Infinity };
    return { iterations: 0, work: size * parallelization * 1.7 };
  }
  if (kdf.iterations < 1) throw new DerError('An iteration count is zero.');
  return { iterations: kdf.iterations, work: kdf.iterations * weightOf(kdf.kind, kdf.hash) * kdf.blocks };
}

/** Measured: what an iteration costs in one of PBKDF2 with HMAC-SHA-256. */
function weightOf(kind: 'pkcs12' | 'pbkdf1' | 'pbkdf2', hash: string): number {
  // Without HMAC: see rehashing.ts. For all other hashes the library is called once for each iteration.
  if (kind !== 'pbkdf2') return { sha1: 1.8, sha256: 2.8 }[hash] ?? 14;
  if (hash.startsWith('sha3')) return 5.5;
  if (/^sha(?:384|512)/.test(hash)) return 4;
  return { sha1: 1.4, md5: 1.7 }[hash] ?? 1;
}
