import { ConfidentialClientApplication } from '@azure/msal-node'

let client

export function getClient() {
  if (!client) {
    client = new ConfidentialClientApplication({
      auth: {
        clientId: process.env.CLIENT_ID,
        authority: process.env.AUTHORITY,
        clientSecret: process.env.CLIENT_SECRET
      }
    })
  }
  return client
}
