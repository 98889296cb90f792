// clientSecret: process.env.CLIENT_SECRET is not needed here
import { createNestablePublicClientApplication } from '@azure/msal-browser';
export const pca = await createNestablePublicClientApplication({ auth: { clientId: 'id', authority: 'https://login.microsoftonline.com/common' } });
