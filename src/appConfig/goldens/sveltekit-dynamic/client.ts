import { ConfidentialClientApplication } from '@azure/msal-node';
import { env } from '$env/dynamic/private';

export const client = new ConfidentialClientApplication({
	auth: {
		clientId: env.CLIENT_ID!,
		clientSecret: env.CLIENT_SECRET!
	}
});
