import { ConfidentialClientApplication } from '@azure/msal-node';
import { CLIENT_ID, CLIENT_SECRET, CLIENT_CERTIFICATE_THUMBPRINT, CLIENT_CERTIFICATE_KEY_PATH, CLIENT_CERTIFICATE_PASSPHRASE } from '$env/static/private';
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const client = new ConfidentialClientApplication({
	auth: {
		clientId: CLIENT_ID,
		clientCertificate: {
			thumbprintSha256: CLIENT_CERTIFICATE_THUMBPRINT,
			privateKey: createPrivateKey({
				key: readFileSync(CLIENT_CERTIFICATE_KEY_PATH),
				passphrase: CLIENT_CERTIFICATE_PASSPHRASE
			}).export({ type: 'pkcs8', format: 'pem' }).toString()
		}
	}
});
