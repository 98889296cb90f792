/** Entry point of dist/azure.js and facade of the room. */
import { createArmClient } from './arm/client.ts';
import { createDiscovery } from './discovery.ts';
import { createHttp } from './http.ts';
import { portalLink } from './portal.ts';
import { createRegistrations } from './registrations/registrations.ts';
import { createProver } from './proof/prover.ts';
import { createSignIn } from './signIn.ts';
import { createEditorAccount } from './sources/editorAccount.ts';
import { createIdentitySource } from './sources/identity.ts';
import { onlyWhereTrusted } from './sources/trust.ts';
import type { AzureParts, AzurePorts } from './types.ts';
import { createVaults } from './vaults/vaults.ts';

export { configureText } from '../base/text.ts';
export { resolveCloud } from './clouds.ts';
export { sourceTitle } from './signIn.ts';

/** Builds the room for one cloud; nothing is asked of anybody before the first call. */
export function createAzure(ports: AzurePorts): AzureParts {
  const { cloud, clock, userAgent } = ports;
  const trusted = ports.trustedCertificates === undefined ? {} : { trustedCertificates: ports.trustedCertificates };
  const account = {
    ...(ports.clientId === undefined ? {} : { clientId: ports.clientId }),
    ...(ports.tenant === undefined ? {} : { tenant: ports.tenant }),
  };
  const editor = createEditorAccount(ports.editor, clock, account);
  const sources = ports.order.map((name) => {
    if (name === 'vscode') return editor;
    const source = createIdentitySource(name, ports.loadIdentity, {
      ...account,
      ...trusted,
      userAgent,
      environment: ports.environment,
      showDeviceCode: (message, address, code, signal) => ports.showDeviceCode(message, address, code, signal),
      openBrowser: (address) => ports.openBrowser(address),
    });
    return name === 'azureCli' ? onlyWhereTrusted(source, () => ports.mayRunPrograms()) : source;
  });
  const signIn = createSignIn(cloud, sources, clock);
  const http = createHttp({ clock, ...trusted });
  const vaults = createVaults({ cloud, signIn, clock, http, userAgent });
  const registrations = createRegistrations({ cloud, signIn, clock, http, userAgent });
  const discovery = createDiscovery(cloud, createArmClient({ cloud, signIn, http, userAgent }));

  const forgetTokens = (): void => {
    signIn.forget();
    editor.forget();
    vaults.forget();
  };
  const forgetAccounts = (): void => {
    forgetTokens();
    for (const source of sources) source.forget();
    registrations.forget();
  };
  return {
    cloud,
    signIn,
    discovery,
    vaults,
    registrations,
    // The proof repeats by itself, and tells how often.
    prover: createProver({ cloud, http: http.once, clock, userAgent }),
    forgetTokens,
    signOut() {
      forgetAccounts();
      signIn.leave();
    },
    get isSignedOut() {
      return signIn.hasLeft;
    },
    switchAccount(options = {}) {
      forgetAccounts();
      editor.switchAccount();
      return signIn.token({
        audience: 'resourceManager',
        interactive: true,
        ...(ports.tenant === undefined ? {} : { tenant: ports.tenant }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    },
    portalLink: (vault, certificate) => portalLink(cloud, vault, certificate),
  };
}
