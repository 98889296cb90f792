import { WebAppAuthProvider } from 'msal-node-wrapper';

const authProvider = await WebAppAuthProvider.initialize({
    auth: {
        authority: "https://login.microsoftonline.com/" + process.env.TENANT_ID,
        clientId: process.env.CLIENT_ID,
        clientSecret: process.env.CLIENT_SECRET, // use certificates instead for enhanced security
        redirectUri: "/redirect",
    }
});
export default authProvider;
