/** A rotation that changes no file: the app follows its vault, so that only the journal can tell which certificate is the old one. */
import { isExpectedError } from '../base/errors.ts';
import type { Journal, JournalProof } from './journal.ts';
import type { SetupPorts } from './ports.ts';
import { Session, underLock } from './session.ts';
import type { ReplacedCertificate } from './types.ts';
import { replacedBySetup } from './wayBack.ts';

/**
 * Notes the new certificate and the one that it replaces, where there is a finished setup of the config and nobody else works on it. A second note
 * of the same certificate keeps what is known of the first.
 * @param config absolute path of the config file
 */
export async function noteRotation(
  config: string,
  certificate: Journal['certificate'],
  rotates: ReplacedCertificate,
  proof: JournalProof | undefined,
  ports: SetupPorts,
): Promise<void> {
  try {
    await underLock(config, ports, async (store) => {
      const journal = await store.load(config);
      if (journal?.state !== 'applied') return;
      const session = new Session(ports, store, journal);
      const isSame = journal.certificate.thumbprintSha256 === certificate.thumbprintSha256;
      const proofs = proof === undefined ? [] : [proof];
      session.note(
        isSame
          ? { registered: true, proofs: [...journal.proofs, ...proofs] }
          : {
              certificate,
              rotates,
              ...before(journal),
              rotatedInVault: broughtBack(journal),
              registered: true,
              proofs,
            },
      );
      await session.save();
    });
  } catch (error) {
    // The certificate is registered all the same; only the removal of the old one is left to its user.
    if (!isExpectedError(error)) throw error;
  }
}

function before({ rotates, rotatedBefore = [] }: Journal): Pick<Journal, 'rotatedBefore'> {
  return rotates === undefined ? {} : { rotatedBefore: [rotates, ...rotatedBefore] };
}

function broughtBack(journal: Journal): { before?: ReplacedCertificate } {
  const before = replacedBySetup(journal);
  return before === undefined ? {} : { before };
}
