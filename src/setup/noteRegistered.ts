/** An upload outside of a setup: its journal says from then on that the certificate is registered. */
import { isExpectedError } from '../base/errors.ts';
import type { SetupPorts } from './ports.ts';
import { Session, underLock } from './session.ts';

/**
 * Notes that the app registration of a config has this certificate, where a finished setup gave it to the app and nobody else works on it.
 * @param config absolute path of the config file
 */
export async function noteRegistered(config: string, thumbprintSha256: string, ports: SetupPorts): Promise<void> {
  try {
    await underLock(config, ports, async (store) => {
      const journal = await store.load(config);
      if (journal?.state !== 'applied' || journal.registered) return;
      if (journal.certificate.thumbprintSha256 !== thumbprintSha256) return;
      const session = new Session(ports, store, journal);
      session.note({ registered: true });
      await session.save();
    });
  } catch (error) {
    // The certificate is registered all the same; only what is shown of it is older.
    if (!isExpectedError(error)) throw error;
  }
}
