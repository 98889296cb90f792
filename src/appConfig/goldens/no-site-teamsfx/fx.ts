import { OnBehalfOfUserCredential } from '@microsoft/teamsfx';
const authConfig = {
  authorityHost: process.env.AUTHORITY_HOST,
  clientId: process.env.ID,
  tenantId: process.env.TENANT,
  clientSecret: process.env.SECRET,
};
export const credential = new OnBehalfOfUserCredential('token', authConfig);
