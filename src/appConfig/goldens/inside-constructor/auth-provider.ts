import * as msal from '@azure/msal-node';

export class AuthProvider {
    private readonly client: msal.ConfidentialClientApplication;

    constructor() {
        const config: msal.Configuration = {
            auth: {
                clientId: process.env.CLIENT_ID!,
                authority: process.env.AUTHORITY!,
                clientSecret: process.env.CLIENT_SECRET!,
            },
        };
        this.client = new msal.ConfidentialClientApplication(config);
    }
}
