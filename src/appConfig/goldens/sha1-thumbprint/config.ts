import * as msal from '@azure/msal-node';

export const config: msal.Configuration = {
    auth: {
        clientId: process.env.CLIENT_ID as string,
        authority: process.env.AUTHORITY as string,
        clientSecret: process.env.CLIENT_SECRET as string
    }
};
