import { client } from './index';

export const token = async () => client.acquireTokenByClientCredential({ scopes: [] });
