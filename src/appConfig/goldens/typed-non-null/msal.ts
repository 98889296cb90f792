import { Configuration } from '@azure/msal-node'

export const msalConfig: Configuration = {
  auth: {
    clientId: process.env.CLIENT_ID!,
    clientSecret: process.env.CLIENT_SECRET!
  }
}
