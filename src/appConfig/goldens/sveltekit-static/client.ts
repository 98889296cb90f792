import { ConfidentialClientApplication } from '@azure/msal-node';
import { CLIENT_ID, CLIENT_SECRET } from '$env/static/private';

export const client = new ConfidentialClientApplication({
	auth: {
		clientId: CLIENT_ID,
		clientSecret: CLIENT_SECRET
	}
});
