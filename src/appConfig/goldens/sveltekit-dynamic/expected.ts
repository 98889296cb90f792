import { ConfidentialClientApplication } from '@azure/msal-node';
import { env } from '$env/dynamic/private';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const client = new ConfidentialClientApplication({
	auth: {
		clientId: env.CLIENT_ID!,
		clientCertificate: {
			thumbprintSha256: env.CLIENT_CERTIFICATE_THUMBPRINT!,
			privateKey: createPrivateKey({
				key: readFileSync(env.CLIENT_CERTIFICATE_KEY_PATH!),
				passphrase: env.CLIENT_CERTIFICATE_PASSPHRASE!
			}).export({ type: 'pkcs8', format: 'pem' }).toString()
		}
	}
});
