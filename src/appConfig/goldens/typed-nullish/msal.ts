import { ConfidentialClientApplication } from "@azure/msal-node";

export const client = new ConfidentialClientApplication({
	auth: {
		clientId: process.env.MS_CLIENT_ID ?? "",
		authority: `https://login.microsoftonline.com/${process.env.MS_TENANT_ID ?? ""}`,
		clientSecret: process.env.MS_CLIENT_SECRET ?? "",
	},
});
