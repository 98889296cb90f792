import { Injectable } from '@nestjs/common';
import { ConfidentialClientApplication } from '@azure/msal-node';

@Injectable()
export class GraphService {
  private readonly client: ConfidentialClientApplication;

  constructor() {
    this.client = new ConfidentialClientApplication({
      auth: { clientId: process.env.CLIENT_ID!, clientSecret: process.env.CLIENT_SECRET },
    });
  }
}
