/** How much key derivation a file may ask for. A count of 2^31 in a few bytes would keep a machine busy for an hour. */
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../base/errors.ts';
import { DerError } from '../der.ts';
import type { Kdf } from './kdf.ts';

/** Real files reach 600,000 in each of three derivations (Firefox, certtool). */
const maxIterations = 10_000_000;
/** In HMAC-SHA-256 iterations, of which a machine does 5 to 10 million in a second; the worst real file needs 29 million. */
const maxWork = 32_000_000;
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
    return { iterations: 0, work: size * parallelization * 4 };
  }
  if (kdf.iterations < 1) throw new DerError('An iteration count is zero.');
  // The PKCS#12 derivation calls the hash once per iteration from JavaScript; SHA-384 and SHA-512 are slower in HMAC.
  const weight = kdf.kind === 'pbkdf2' ? (/sha(?:384|512|3)/.test(kdf.hash) ? 3 : 1) : 6;
  return { iterations: kdf.iterations, work: kdf.iterations * weight * kdf.blocks };
}
