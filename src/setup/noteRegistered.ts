/** An upload outside of a setup: its journal says from then on that the certificate is registered. */
import { isExpectedError } from '../base/errors.ts';
import type { SetupPorts } from './ports.ts';
import { underLock } from './session.ts';
import { withRegisteredAgain } from './wayBack.ts';

/**
 * Notes that the app registration of a config has this certificate, where a finished setup gave it to the app, or would give it back when undone, and
 * nobody else works on it.
 * @param config absolute path of the config file
 */
export async function noteRegistered(config: string, thumbprintSha256: string, ports: SetupPorts): Promise<void> {
  try {
    await underLock(config, ports, async (store) => {
      const journal = await store.load(config);
      if (journal?.state !== 'applied') return;
      const isOwn = journal.certificate.thumbprintSha256 === thumbprintSha256;
      const again = withRegisteredAgain(journal, thumbprintSha256);
      if (isOwn ? !journal.registered : again !== journal)
        await store.save(isOwn ? { ...journal, registered: true } : again);
    });
  } catch (error) {
    // The certificate is registered all the same; only what is shown of it is older.
    if (!isExpectedError(error)) throw error;
  }
}
