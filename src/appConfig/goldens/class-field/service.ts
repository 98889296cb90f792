import { ConfidentialClientApplication, Configuration } from '@azure/msal-node';

export class Service {
  private readonly config: Configuration = {
    auth: {
      clientId: process.env.CLIENT_ID!,
      clientSecret: process.env.CLIENT_SECRET!,
    },
  };
  private readonly client = new ConfidentialClientApplication(this.config);
}
